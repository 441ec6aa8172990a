/**
 * Structural equality of JSON-like values. Keys named in `ignore` are skipped at every depth: counters and ages differ with each
 * reading and are no change of what a host *is*. A key that is undefined equals a key that is missing.
 * Values nested deeper than `depthMost` are taken for different: what compares goes down by calling itself, and what differs is only judged again.
 */
export function sameJson(a: unknown, b: unknown, ignore?: ReadonlySet<string>): boolean {
  return same(a, b, ignore, depthMost);
}

/** Facts are at most 64 deep (see lib/probes/json.ts), and what is made from them a few more; the stack has room for thousands. */
const depthMost = 200;

function same(a: unknown, b: unknown, ignore: ReadonlySet<string> | undefined, room: number): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (room === 0) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let at = 0; at < a.length; at++) if (!same(a[at], b[at], ignore, room - 1)) return false;
    return true;
  }
  if (Array.isArray(b)) return false;
  if (a instanceof Uint8Array && b instanceof Uint8Array)
    return a.length === b.length && a.every((byte, at) => byte === b[at]);
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  // Counted instead of looked up again from the other side: this runs over every fact of every host at every sweep.
  let balance = 0;
  for (const key in left) {
    if (ignore?.has(key)) continue;
    const mine = left[key];
    if (mine === undefined) continue;
    balance++;
    const theirs = right[key];
    if (mine !== theirs && (theirs === inherited || !same(mine, theirs, ignore, room - 1))) return false;
  }
  for (const key in right) if (right[key] !== undefined && !ignore?.has(key)) balance--;
  return balance === 0;
}

/**
 * Host text can be a key. What is inherited under such a name ("constructor") is a function and equals nothing that can be told of a host, but for "__proto__", whose value would
 * look like an empty object.
 */
const inherited: object = Object.prototype;
