import type { Json } from "./model";

/**
 * A name as part of an id. Interface names hold neither '/' nor white space, but VM names, network namespaces and LLDP texts may hold
 * anything: '%', '/', white space and everything that is invisible or turns the direction of text becomes %XX of its UTF-8 bytes (a lone
 * surrogate %uXXXX). Different names stay different. The node's `name` keeps the truth.
 */
export function escapeName(text: string): string {
  return text.replace(/[%/\s\p{C}]/gu, (char) => {
    const code = char.codePointAt(0) ?? 0;
    if (code >= 0xd800 && code <= 0xdfff) return `%u${code.toString(16).toUpperCase()}`;
    return Array.from(utf8(code), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
  });
}

function utf8(code: number): number[] {
  if (code < 0x80) return [code];
  if (code < 0x800) return [0xc0 | (code >> 6), 0x80 | (code & 0x3f)];
  if (code < 0x10000) return [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)];
  return [0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)];
}

/** Ids of things that are gone are kept for their return, so many at most. */
const remembered = 2_000;

interface Known {
  readonly id: string;
  readonly keys: readonly string[];
}

/**
 * Gives nodes the ids that they had before. Each node has keys, strongest first (a permanent MAC before a name), and is looked
 * up by its strongest. An id whose own strong key is on the host now is nobody else's - else a new NIC that inherited the name "eth0" would take
 * over the history of the NIC that was renamed.
 */
export class IdentityBook {
  readonly #before: readonly Known[];
  readonly #byKey = new Map<string, string>();
  /** Ids whose strong key is on the host now, with that key: nobody else may take them. */
  readonly #reserved = new Map<string, string>();
  readonly #taken = new Map<string, Known>();

  /** `present`: strong keys of everything that is on the host now. */
  readonly #memory: Json | undefined;

  constructor(memory: Json | undefined, present: ReadonlySet<string>) {
    this.#memory = memory;
    this.#before = readMemory(memory);
    for (const known of this.#before) {
      for (const key of known.keys) if (!this.#byKey.has(key)) this.#byKey.set(key, known.id);
      const strong = known.keys[0];
      if (strong !== undefined && present.has(strong)) this.#reserved.set(known.id, strong);
    }
  }

  /** The id for a node with these keys: an earlier one that starts with `prefix`, or `prefix` + `path`, made unique by "~2", "~3"... */
  claim(prefix: string, path: string, keys: readonly [string, ...string[]]): string {
    const strong = keys[0];
    // By the best that is known of it now, and by nothing weaker: a TAP seen before its guest was read has an id by its name, and gives it up for
    // the guest's. What can only be told by a weak key now (the guest's XML cannot be read) still has the id that it had with a stronger one.
    const before = this.#byKey.get(strong);
    if (before?.startsWith(prefix) && this.#free(before, strong)) return this.#take(before, keys);
    let id = prefix + path;
    for (let copy = 2; !this.#free(id, strong); copy++) id = `${prefix}${path}~${copy}`;
    return this.#take(id, keys);
  }

  /** To be kept for the next graph: what was claimed now, then what was known before, newest first. */
  dump(): Json {
    // The same things as before: the same memory, that need not be read anew.
    const first = this.#before.slice(0, this.#taken.size);
    if (this.#memory !== undefined && first.length === this.#taken.size && first.every((known) => this.#isSame(known)))
      return this.#memory;
    const kept: Json[] = [...this.#taken.values()].map((known) => [known.id, ...known.keys]);
    for (const known of this.#before) {
      if (kept.length >= this.#taken.size + remembered) break;
      if (!this.#taken.has(known.id)) kept.push([known.id, ...known.keys]);
    }
    return kept;
  }

  #isSame(known: Known): boolean {
    const now = this.#taken.get(known.id);
    return (
      now !== undefined && now.keys.length === known.keys.length && now.keys.every((key, at) => key === known.keys[at])
    );
  }

  #free(id: string, strong: string): boolean {
    if (this.#taken.has(id)) return false;
    const owner = this.#reserved.get(id);
    return owner === undefined || owner === strong;
  }

  #take(id: string, keys: readonly string[]): string {
    this.#taken.set(id, { id, keys });
    return id;
  }
}

/** What `dump` wrote; anything else (an older version, a damaged store) counts as no memory: ids then start afresh, nothing breaks. */
function readMemory(memory: Json | undefined): readonly Known[] {
  if (!Array.isArray(memory)) return [];
  const done = readBefore.get(memory);
  if (done) return done;
  const known: Known[] = [];
  for (const row of memory as readonly Json[]) {
    if (!Array.isArray(row)) continue;
    const [id, ...keys] = (row as readonly Json[]).filter((part) => typeof part === "string");
    if (id !== undefined && keys.length > 0) known.push({ id, keys });
  }
  readBefore.set(memory, known);
  return known;
}

/** Between two readings the memory is mostly the same object. */
const readBefore = new WeakMap<object, readonly Known[]>();
