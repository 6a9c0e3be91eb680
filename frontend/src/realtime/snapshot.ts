// Whole snapshots of a conversation: an older version than the one held is ignored, the same one is applied
// (its place in the queue may have changed).

interface Versioned {
  readonly id: string;
  readonly version: number;
}

export function isNewer<T extends Versioned>(held: T | null, snapshot: T): boolean {
  return held === null || held.id !== snapshot.id || snapshot.version >= held.version;
}
