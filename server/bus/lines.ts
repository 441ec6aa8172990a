import { StringDecoder } from "node:string_decoder";

/** Longest request on the bus, characters. Host keys to import may be 4 MiB. */
export const maxRequest = 6_291_456;

/**
 * Takes lines out of a byte stream, however it is cut. `push` returns the lines that have ended; it throws LineTooLong once a line grows beyond
 * `maxChars`, so that whoever writes without an end costs no more memory than that.
 */
export class LineSplitter {
  private readonly decoder = new StringDecoder("utf8");
  /** Pieces of the line that has not ended: joined once, so that a long line costs linear time. */
  private pieces: string[] = [];
  private held = 0;

  constructor(private maxChars: number) {}

  /** The same stream, from here on with lines of another length. */
  upTo(maxChars: number): this {
    this.maxChars = maxChars;
    return this;
  }

  push(chunk: Buffer): string[] {
    const parts = this.decoder.write(chunk).split("\n");
    const lines: string[] = [];
    for (const [at, part] of parts.entries()) {
      this.held += part.length;
      if (this.held > this.maxChars) throw new LineTooLong(this.maxChars);
      this.pieces.push(part);
      if (at === parts.length - 1) break;
      lines.push(this.pieces.join(""));
      this.pieces = [];
      this.held = 0;
    }
    return lines;
  }
}

export class LineTooLong extends Error {
  override readonly name = "LineTooLong";
  constructor(maxChars: number) {
    super(`a message longer than ${maxChars} characters`);
  }
}
