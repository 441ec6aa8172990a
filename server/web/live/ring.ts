import type { HostDelta } from "@/lib/wire/model";

/** The newest deltas of one host, without gaps, so that a browser that missed a few need not load everything again. */
export class DeltaRing {
  private deltas: HostDelta[] = [];

  constructor(private readonly size = 256) {}

  /** The newest state known here; undefined before the first delta or snapshot. */
  newest: { readonly epoch: string; readonly seq: number } | undefined;

  /** Takes the next delta. One that does not follow the last (we were cut off, the collector is a new one) begins the ring anew. */
  push(delta: HostDelta): void {
    if (this.newest && delta.epoch === this.newest.epoch && delta.seq <= this.newest.seq) return;
    const follows = this.newest?.epoch === delta.epoch && this.newest.seq + 1 === delta.seq;
    if (!follows) this.deltas = [];
    this.deltas.push(delta);
    if (this.deltas.length > this.size) this.deltas.shift();
    this.newest = { epoch: delta.epoch, seq: delta.seq };
  }

  /** A snapshot tells the newest number as well; deltas that do not lead up to it are of no more use. */
  saw(epoch: string, seq: number): void {
    if (this.newest?.epoch === epoch && this.newest.seq >= seq) return;
    this.deltas = [];
    this.newest = { epoch, seq };
  }

  /** The deltas after this point, oldest first; null when some are no longer here and only a snapshot helps. */
  since(epoch: string, seq: number): HostDelta[] | null {
    if (this.newest?.epoch !== epoch || seq > this.newest.seq) return null;
    if (seq === this.newest.seq) return [];
    const first = this.deltas[0];
    return first && first.seq <= seq + 1 ? this.deltas.filter((delta) => delta.seq > seq) : null;
  }

  /** Forgets everything: deltas may have been missed. */
  clear(): void {
    this.deltas = [];
    this.newest = undefined;
  }
}
