import type { ProbeId } from "@/lib/probes/registry";
import { type Said, wordsOf } from "@/lib/text/said";
import type { RemedyProgress } from "@/lib/wire/jobs/remedy";
import type { HostInfo } from "@/lib/wire/model";
import type { HostEngine } from "../engine/api";
import type { HostConnection } from "../ssh/api";
import type { KeptStep } from "./commands";

/** What a guarded change needs of a host. */
export interface RemedyHost {
  info(): HostInfo;
  readonly engine: HostEngine;
  /** Undefined while the host is not connected. */
  connection(): HostConnection | undefined;
  /** Reads these probes again, feeds the engine, sends the delta. Resolves when the findings are current. */
  reread(probes: readonly ProbeId[]): Promise<void>;
}

export type Phase = RemedyProgress["phase"];

/** One press of a button, as it is kept in the store: enough to say after a crash what may still be changed, and until when. */
export interface RunRecord {
  readonly run: string;
  readonly host: string;
  readonly remedy: string;
  readonly finding: string;
  readonly who: string;
  readonly phase: Phase;
  /** Its last sentence, to be read in any language. */
  readonly says: Said;
  /** What was changed, in its order; an undo is planned from it anew. Empty: a run of an older release, which kept commands only. */
  readonly steps: readonly KeptStep[];
  /** Handle of the undo that waits on the host, from when it is known to be armed. Null: no step was sent. */
  readonly guard: string | null;
  /** When the host undoes by itself, Unix ms; null until the undo is armed. */
  readonly undoAt: number | null;
  /** Why the guard is being disarmed, written down before it is: a crash in between must not make a guess of it. */
  readonly disarming: "verified" | "undone" | null;
  /** The outcome is unknown, and nothing more can be learnt of it. */
  readonly settled: boolean;
  readonly startedAt: number;
  readonly updatedAt: number;
}

export interface RunStore {
  /** Resolves once the row lies in the store. A step touches a host only after that. */
  put(record: RunRecord): Promise<void>;
  /** Rejects with RunRefused for a row that is not what a run looks like. */
  get(run: string): Promise<RunRecord | undefined>;
  /** Runs that had not come to an end when they were last written. */
  open(): Promise<readonly RunRecord[]>;
}

/** A stored run that is not one that this build could have written: spoilt, or written by somebody else. Nothing of it is ever run. */
export class RunRefused extends Error {
  override readonly name = "RunRefused";
  constructor(
    readonly run: string,
    readonly host: string,
    why: string,
  ) {
    super(`the stored change ${JSON.stringify(run)} is refused: ${why}`);
  }
}

export interface RemedyDeps {
  host(id: string): RemedyHost | undefined;
  readonly store: RunStore;
  /** Never throws, as it is what is left to say that something failed. */
  audit(row: { who: string; what: string; host: string; outcome: string; detail: string }): void;
  progress(progress: RemedyProgress): void;
  /** A run of this host is left without an end while the host is there: `recover` is to be called, and again until it works. */
  recoverLater?(host: string): void;
  now(): number;
  sleep(ms: number): Promise<void>;
}

const endings: ReadonlySet<Phase> = new Set(["kept", "undone", "failed"]);

/** Whether nothing more happens by itself, and nothing more is to be asked. */
export const hasEnded = (record: Pick<RunRecord, "phase" | "settled">): boolean =>
  endings.has(record.phase) || record.settled;

/** A request that cannot be served; `code` goes to programs, the sentence to a person in their language. */
export class RemedyRefused extends Error {
  override readonly name = "RemedyRefused";
  constructor(
    readonly code: "not-found" | "changed" | "busy" | "offline" | "no-root" | "confirm" | "refused",
    readonly said: Said,
  ) {
    super(wordsOf(said).en);
  }
}
