// Where small things are kept in a browser: local or session storage, or memory where a page may use neither.

export interface Keep {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
  keys(): string[];
}

export function memoryKeep(): Keep {
  const held = new Map<string, string>();
  return {
    get: (key) => held.get(key) ?? null,
    set: (key, value) => void held.set(key, value),
    remove: (key) => void held.delete(key),
    keys: () => [...held.keys()],
  };
}

/** Storage may be forbidden (third-party frames) or full: what cannot be stored lives as long as the page. */
export function browserKeep(find: () => Storage): Keep {
  const memory = memoryKeep();
  const storage = usable(find);
  if (storage === null) return memory;
  return {
    get: (key) => memory.get(key) ?? storage.getItem(key),
    set: (key, value) => {
      try {
        storage.setItem(key, value);
        memory.remove(key);
      } catch {
        memory.set(key, value); // full: better kept for this page's life than not at all
      }
    },
    remove: (key) => {
      memory.remove(key);
      storage.removeItem(key);
    },
    keys: () => [...new Set([...memory.keys(), ...Object.keys(storage)])],
  };
}

function usable(find: () => Storage): Storage | null {
  const probe = "supportdesk:probe";
  try {
    const storage = find();
    storage.setItem(probe, "");
    storage.removeItem(probe);
    return storage;
  } catch {
    return null; // the browser forbids it; memory serves
  }
}
