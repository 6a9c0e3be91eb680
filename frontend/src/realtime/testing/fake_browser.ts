// A browser for the tests: its storage and its locks outlive its pages.
import { type Keep, memoryKeep } from "../keep";

export class FakeBrowser {
  readonly keep: Keep = memoryKeep();
  isHidden = false;
  private readonly turns = new Map<string, Promise<void>>();

  readonly alone = (name: string, task: () => Promise<void>): Promise<void> => {
    const turn = (this.turns.get(name) ?? Promise.resolve()).then(task);
    this.turns.set(name, turn);
    return turn;
  };
}
