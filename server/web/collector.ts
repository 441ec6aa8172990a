import type { BusMethod, BusParams, BusPush, BusResult } from "@/lib/wire/bus";

/** A refusal by the collector, or that it cannot be reached (code "collector-down"). */
export class CollectorProblem extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = "CollectorProblem";
  }
}

/** What the web process needs of the collector. It passes on the asker's credential with each call; the collector decides by itself. */
export interface Collector {
  readonly up: boolean;
  /** @throws CollectorProblem */
  call<M extends BusMethod>(method: M, params: BusParams<M>, credential: string): Promise<BusResult<M>>;
  /** Messages from the collector, in order. Returns how to stop listening. */
  onPush(listener: (push: BusPush) => void): () => void;
  /** Called whenever `up` changes. */
  onState(listener: (up: boolean) => void): () => void;
}
