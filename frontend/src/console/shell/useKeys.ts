// The keyboard: j/k or arrows walk the list, 1 to 5 switch views, r begins a reply, Escape leaves the conversation.
import { useHotkeys } from "@mantine/hooks";
import { go, type Route } from "../desk/route";
import { neighbour, VIEWS } from "../desk/views";
import { useVisible } from "../list/ListPane";

export function useKeys(route: Route): void {
  const ids = useVisible(route).map(({ id }) => id);
  const walk = (step: 1 | -1) => () => {
    const conversation = neighbour(ids, route.conversation, step);
    if (conversation !== null) go({ ...route, conversation });
  };
  useHotkeys([
    ["j", walk(1)],
    ["ArrowDown", walk(1)],
    ["k", walk(-1)],
    ["ArrowUp", walk(-1)],
    ["r", () => document.querySelector<HTMLTextAreaElement>('[data-testid="composer"]')?.focus()],
    ["Escape", (event) => isOfPage(event) && go({ ...route, conversation: null })],
    ...VIEWS.map((view, at): [string, () => void] => [String(at + 1), () => go({ view, conversation: null })]),
  ]);
}

const OVERLAYS = '[role="dialog"], [role="menu"], [role="listbox"]';

/** An open dialog or menu takes Escape for itself, and without motion it is gone before we hear the key. */
function isOfPage({ target }: KeyboardEvent): boolean {
  const isInside = target instanceof Element && target.closest(OVERLAYS) !== null;
  return !isInside && document.querySelector(OVERLAYS) === null;
}
