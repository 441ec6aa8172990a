/** Takes the frames of a work channel out of one of its two streams. See dialects/posix.ts for their form. */
export interface FrameHandlers {
  /** `@PID`: the shell is there. */
  hello(pid: number): void;
  begin(seq: number): void;
  pid(seq: number, pid: number): void;
  /** Bytes between frames, as they come; `seq` undefined outside of any run. */
  data(seq: number | undefined, bytes: Uint8Array): void;
  end(seq: number, status: number): void;
}

const newline = 10;
/** A mark is the nonce and at most two numbers. What is longer is no mark. */
const markRoom = 64;

/**
 * Streaming, and in memory bounded by one chunk and one mark: what is not yet known to be data is at most a mark long, and a line that has ended is
 * passed on at once.
 */
export class FrameReader {
  readonly #nonce: Buffer;
  #held: Buffer = Buffer.alloc(0);
  #current: number | undefined;

  constructor(
    nonce: string,
    private readonly handlers: FrameHandlers,
  ) {
    this.#nonce = Buffer.from(nonce, "latin1");
  }

  push(chunk: Uint8Array): void {
    const nonce = this.#nonce;
    let rest =
      this.#held.length > 0
        ? Buffer.concat([this.#held, chunk])
        : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    for (;;) {
      const at = rest.indexOf(nonce);
      if (at < 0) break;
      const from = at + nonce.length;
      const end = rest.indexOf(newline, from);
      if (end < 0 && rest.length - from <= markRoom) {
        // The mark is still coming.
        this.#data(rest.subarray(0, at));
        this.#held = Buffer.from(rest.subarray(at));
        return;
      }
      const mark = end < 0 || end - from > markRoom ? undefined : parseMark(rest.toString("latin1", from, end));
      if (!mark) {
        this.#data(rest.subarray(0, from));
        rest = rest.subarray(from);
        continue;
      }
      this.#data(rest.subarray(0, at));
      this.#apply(mark);
      rest = rest.subarray(end + 1);
    }
    const keep = heldBack(rest, nonce);
    this.#data(rest.subarray(0, rest.length - keep));
    // A copy: a slice would keep the whole chunk alive.
    this.#held = Buffer.from(rest.subarray(rest.length - keep));
  }

  #data(bytes: Buffer): void {
    if (bytes.length > 0) this.handlers.data(this.#current, bytes);
  }

  #apply(mark: Mark): void {
    const { hello, begin, pid, end } = this.handlers;
    if (mark.kind === "@") hello(mark.first);
    else if (mark.kind === "p") pid(mark.first, mark.second);
    else if (mark.kind === "b") {
      this.#current = mark.first;
      begin(mark.first);
    } else {
      this.#current = undefined;
      end(mark.first, mark.second);
    }
  }
}

interface Mark {
  readonly kind: "@" | "b" | "p" | "e";
  readonly first: number;
  readonly second: number;
}

function parseMark(text: string): Mark | undefined {
  const found = /^(?:([@b])(\d{1,10})|([pe])(\d{1,10}) (\d{1,10}))$/.exec(text);
  if (!found) return undefined;
  const kind = found[1] ?? found[3];
  if (kind !== "@" && kind !== "b" && kind !== "p" && kind !== "e") return undefined;
  return { kind, first: Number(found[2] ?? found[4]), second: Number(found[5] ?? 0) };
}

/** How many bytes at the end may be the start of a mark. */
function heldBack(bytes: Buffer, nonce: Buffer): number {
  for (let count = Math.min(nonce.length - 1, bytes.length); count > 0; count--)
    if (bytes.subarray(bytes.length - count).equals(nonce.subarray(0, count))) return count;
  return 0;
}
