// Reads a Readable in a Preact component.
import { useLayoutEffect, useState } from "preact/hooks";
import type { Readable } from "../../realtime";

export function useStore<T>(store: Readable<T>): T {
  const [value, setValue] = useState<T>(store.get);
  useLayoutEffect(() => {
    const read = (): void => setValue(() => store.get());
    read(); // it may have changed between render and effect
    return store.subscribe(read);
  }, [store]);
  return value;
}
