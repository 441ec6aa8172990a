/** Random numbers that a seed decides (mulberry32): the same seed gives the same fleet and the same incidents on every machine. */
export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** An integer from 0 to n - 1. */
  below(n: number): number;
  pick<T>(from: readonly T[]): T;
  /** A generator of its own for one purpose, so that a change in one place does not shift all others. */
  fork(name: string): Random;
  bytes(n: number): Uint8Array;
}

export function random(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (n: number) => Math.floor(next() * n);
  return {
    next,
    below,
    pick: (from) => {
      const value = from[below(from.length)];
      if (value === undefined) throw new Error("pick: nothing to pick from");
      return value;
    },
    fork: (name) => random(hash(`${seed}/${name}`)),
    bytes: (n) => Uint8Array.from({ length: n }, () => below(256)),
  };
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}
