import { hostText } from "@/lib/probes/items";

/** A line longer than this is cut, and says so. */
export const lineLimit = 16_384;
export const cutMark = " …[cut]";

export interface TaggedLine {
  /** One letter, see dialects/posix.ts. */
  readonly kind: string;
  /** Rest of the answer, without the space after the kind. */
  readonly text: string;
}

const newline = 10;

/**
 * Lines of the control channel. Several loops write into it at once; lines longer than a pipe's atomic write may get another line in
 * their middle. The nonce, which nobody else knows, shows where: a line is split at each nonce in it. What has no nonce before it is the
 * tail of such a line, or what an rc file printed: it is dropped.
 */
export class LineReader {
  readonly #nonce: string;
  #parts: Buffer[] = [];
  #length = 0;
  #cut = false;

  constructor(
    nonce: string,
    private readonly onLine: (line: TaggedLine) => void,
  ) {
    this.#nonce = nonce;
  }

  push(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    let from = 0;
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, from)) {
      this.#hold(bytes.subarray(from, end));
      this.#finish();
      from = end + 1;
    }
    if (from < bytes.length) this.#hold(bytes.subarray(from));
  }

  #hold(part: Buffer): void {
    const room = lineLimit + this.#nonce.length + 2 - this.#length;
    if (part.length > room) this.#cut = true;
    if (room <= 0) return;
    // A copy: a slice would keep the whole chunk alive.
    const kept = Buffer.from(part.subarray(0, room));
    this.#parts.push(kept);
    this.#length += kept.length;
  }

  #finish(): void {
    const text = hostText(Buffer.concat(this.#parts)) + (this.#cut ? cutMark : "");
    this.#parts = [];
    this.#length = 0;
    this.#cut = false;
    const [, ...pieces] = text.split(this.#nonce);
    for (const piece of pieces) {
      const kind = piece[0];
      if (kind === undefined) continue;
      const rest = piece.slice(1);
      this.onLine({ kind, text: rest.startsWith(" ") ? rest.slice(1) : rest });
    }
  }
}
