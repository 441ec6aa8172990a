import type { Argv } from "@/lib/changes/define";
import type { SourceId } from "@/lib/events/registry";
import type { Platform, Probe, ProbeOutcome, Reads } from "@/lib/probes/define";
import type { Reached } from "@/lib/remedies/management";
import type { HostSpec, KeyQuestion } from "@/lib/wire/rest";
import type { HostBudget } from "./budget";

/** What the fleet needs of a connection; ssh2 stays behind it. Everything rejects with an SshFailure, never with a bare error. */
export interface HostConnection {
  /** What the host is, and in which form it is read: a probe for another platform or in another form is never to be asked of it. */
  readonly platform: Platform;
  readonly reads: Reads;
  /** How root is had on this host. */
  readonly root: "direct" | "sudo" | "none";
  /** Why there is no root, where there is none. */
  readonly rootReason?: string;
  readonly hostname: string;
  /** Both ends of the connection as the host sees them; absent where its ssh server does not say. */
  readonly reached?: Reached | undefined;
  /** Runs probes, in order, over the held work channel; queued behind what runs. Resolves when all have ended, each with its own outcome. */
  sweep(probes: readonly Probe[], onResult?: (result: ProbeRun) => void): Promise<ProbeRun[]>;
  /**
   * Opens the event channel. Lines arrive as printed, by source. A source whose tool is missing is reported once by `onSource` with its reason:
   * the fleet then relies on sweeps for it and says so.
   */
  follow(handlers: EventHandlers): Promise<void>;
  /** Runs one argument vector as root (where it is had) on the work channel. For guarded changes only. `stdin`: fed to it. */
  run(
    argv: Argv | readonly string[],
    options?: { readonly timeoutMs?: number; readonly stdin?: string },
  ): Promise<{ readonly exit: number; readonly stdout: string; readonly stderr: string }>;
  /** Runs a constant script of this repository as root with positional parameters ($1...), each quoted here. */
  script(
    script: string,
    parameters: readonly string[],
    options?: { readonly timeoutMs?: number },
  ): Promise<{ readonly exit: number; readonly stdout: string; readonly stderr: string }>;
  /**
   * Runs a constant script of this repository, as root where it is had, over a channel of its own: sweeps and changes go on meanwhile. What it prints is passed on as it comes.
   * Ends by itself, at a limit, by `signal`, or with the connection; then nothing that it started in its session is left on the host, also where we have died. Rejects with
   * SshFailure when it cannot be started: `busy` where as many as may run at once do.
   */
  open(script: string, parameters: readonly string[], options: StreamOptions): Promise<HostStream>;
  /** Resolves with the reason when the connection has ended, however it did; never rejects. Half-open connections end within 15 s. */
  readonly closed: Promise<SshFailure>;
  close(): void;
}

export interface StreamOptions {
  readonly timeoutMs: number;
  /** Of standard output. What comes beyond is not passed on, and ends it. */
  readonly maxBytes: number;
  /** After so many lines it is ended. */
  readonly maxLines?: number;
  /** Standard output as it comes. The bytes are only lent. */
  readonly onBytes?: (bytes: Uint8Array) => void;
  /** The same by line, as text (see hostText); a line that is too long is cut, and says so. */
  readonly onLine?: (line: string) => void;
  readonly signal?: AbortSignal;
}

export interface HostStream {
  /** Resolves when it has ended, however it did. Never rejects. */
  readonly ended: Promise<StreamEnd>;
  /** Ends it. `ended` tells when that is so. */
  cancel(): void;
}

export interface StreamEnd {
  /** `exit`: by itself. `timeout`, `cut`, `cancelled`: by us. `lost`: the shell or the connection went away under it. */
  readonly how: "exit" | "timeout" | "cut" | "cancelled" | "lost";
  readonly exit: number;
  /** Passed on. */
  readonly bytes: number;
  readonly lines: number;
  readonly ms: number;
  /** At most 64 kB of standard error. */
  readonly stderr: string;
  readonly reason?: string;
}

export interface ProbeRun {
  readonly id: string;
  readonly outcome: ProbeOutcome;
  readonly ms: number;
  readonly bytes: number;
  readonly detail?: string;
  /** The parsed fact, for outcome ok. */
  readonly value?: unknown;
  /** What was printed (cut at maxBytes): for captures and the panel's Raw tab. */
  readonly stdout: Uint8Array;
  readonly exit: number;
  readonly at: number;
  /** The parser threw what no parser may: internal fault, for the log. The outcome is `garbled` then. */
  readonly fault?: Error;
}

export interface EventHandlers {
  onLine(source: SourceId, line: string): void;
  onSource(source: SourceId, state: SourceWord, reason: string): void;
}

/** `storm`: it says more lines than are taken; they are passed over until it is calm again. */
export type SourceWord = "following" | "missing" | "ended" | "storm";

export type FailureKind =
  | "unreachable" // no route, refused connection, name not found, time out
  | "key-unknown" // no key on record: `question` is for a person
  | "key-changed" // another key on record
  | "key-revoked"
  | "login" // user, key or password turned down
  | "jump" // a hop failed; `hop` says which
  | "busy" // as many scripts run on this connection as may at once
  | "lost" // was up, ended or went silent
  | "fault" // a fault of ours; `cause` has the trace
  | "protocol"; // the far end is no POSIX shell, or printed what cannot be framed

export class SshFailure extends Error {
  override readonly name = "SshFailure";
  constructor(
    readonly kind: FailureKind,
    message: string,
    readonly question?: KeyQuestion,
    readonly hop?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * Whether nothing but a person can mend it: trying again would only look like an attack, and may lock the account. A
 * hop's key that is not known is a question to a person as well.
 */
export function needsPerson({ kind, question }: Pick<SshFailure, "kind" | "question">): boolean {
  return question !== undefined || ["key-unknown", "key-changed", "key-revoked", "login"].includes(kind);
}

/** Known host keys. The store has one for the server, the CLI one from files. There is no off switch. */
export interface KeyBook {
  /** Lines in known_hosts format: plain, wildcard, [host]:port, hashed, @cert-authority, @revoked. */
  lines(): readonly string[];
}

export type Connect = (
  spec: HostSpec,
  keys: KeyBook,
  options?: {
    readonly signal?: AbortSignal;
    readonly sshConfig?: string;
    readonly connectTimeoutMs?: number;
    /** What the host may say. Without one, what a single host may. */
    readonly budget?: HostBudget;
  },
) => Promise<HostConnection>;
