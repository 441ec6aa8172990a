import type { Check } from "@/lib/checks/define";
import { checks } from "@/lib/checks/registry";
import type { SettingValues } from "@/lib/checks/settings";
import type { Probe } from "@/lib/probes/define";
import { probes } from "@/lib/probes/registry";
import type { HostInfo, HostSnapshot } from "@/lib/wire/model";
import type { HostSpec } from "@/lib/wire/rest";
import type { MakeEngine } from "./engine/api";
import { type Connect, type HostConnection, type KeyBook, needsPerson, type ProbeRun, SshFailure } from "./ssh/api";
import { factsOf, reportsOf } from "./sweep-facts";

export interface ScanOptions {
  readonly connect: Connect;
  readonly makeEngine: MakeEngine;
  readonly keys: KeyBook;
  /** What a person calls the host; default: its id. */
  readonly name?: string;
  /** How many times the probes are read. From the second time on only what some check compares over time, unless `whole`. Default 2. */
  readonly sweeps?: number;
  /** Read every probe each time (the lab: a change needs a moment until all shows it). */
  readonly whole?: boolean;
  /** Between two sweeps, ms. Default 2000: error counters that grow show it within that, and a person still waits. */
  readonly intervalMs?: number;
  /** For all of it, ms. Default 60 s. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly sshConfig?: string;
  /** Thresholds of checks by `<check>.<name>`; the others are at their default. */
  readonly settings?: SettingValues;
  readonly onProgress?: (says: string) => void;
}

/** What came of one host. `sweeps` is empty where it could not be reached; `snapshot` is always there and says so. */
export interface HostScan {
  /** How it was reached; absent where a capture was played. */
  readonly spec?: HostSpec;
  readonly snapshot: HostSnapshot;
  readonly sweeps: readonly (readonly ProbeRun[])[];
  readonly failure?: SshFailure;
  readonly hostname?: string;
  readonly root?: HostConnection["root"];
}

export const defaultSweeps = 2;
export const defaultIntervalMs = 2_000;
export const defaultTimeoutMs = 60_000;

const allProbes: readonly Probe[] = Object.values(probes);
const allChecks: readonly Check[] = Object.values(checks);

/** The probes whose facts a check samples over time: only these are worth reading twice. */
export function probesOverTime(): Probe[] {
  const needed = new Set<string>(
    allChecks.filter((check) => check.track !== undefined).flatMap((check) => check.needs),
  );
  return allProbes.filter((probe) => needed.has(probe.id));
}

/** State of a host whose connection failed: `refused` is for a person to mend, `unreachable` may mend itself, `failed` is a fault of ours. */
export function stateOf(failure: SshFailure): "refused" | "unreachable" | "failed" {
  if (failure.kind === "fault") return "failed";
  return needsPerson(failure) ? "refused" : "unreachable";
}

/**
 * Looks at one host once: connect, read the probes, build the graph, judge. Never rejects for anything that the host does or is: that is in
 * `failure` and in the snapshot's state. A probe that could not be read makes its checks unknown.
 */
export async function scanHost(spec: HostSpec, options: ScanOptions): Promise<HostScan> {
  const info: HostInfo = {
    id: spec.id,
    name: options.name ?? spec.id,
    address: `${spec.address.includes(":") ? `[${spec.address}]` : spec.address}:${spec.port}`,
    state: "connecting",
    since: Date.now(),
    seenAt: null,
    demo: false,
  };
  const engine = options.makeEngine(info, `scan-${Date.now()}`, {}, options.settings);
  const limit = new AbortController();
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  const timer = setTimeout(() => limit.abort(new Error(`not done within ${timeoutMs / 1000} s`)), timeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, limit.signal]) : limit.signal;
  const sweeps: ProbeRun[][] = [];
  let connection: HostConnection | undefined;
  try {
    options.onProgress?.("connecting");
    connection = await options.connect(spec, options.keys, {
      signal,
      connectTimeoutMs: Math.min(timeoutMs, 30_000),
      ...(options.sshConfig === undefined ? {} : { sshConfig: options.sshConfig }),
    });
    await readAll(connection, options, signal, (runs, at) => {
      sweeps.push(runs);
      engine.read(factsOf(runs), reportsOf(runs), at);
    });
    engine.host(seen(info, connection));
    return { spec, snapshot: engine.snapshot(), sweeps, hostname: connection.hostname, root: connection.root };
  } catch (error) {
    const failure = failureOf(error, signal);
    engine.host({ ...info, state: stateOf(failure), reason: failure.message, since: Date.now() });
    return { spec, snapshot: engine.snapshot(), sweeps, failure, hostname: connection?.hostname };
  } finally {
    clearTimeout(timer);
    connection?.close();
  }
}

function seen(info: HostInfo, connection: HostConnection): HostInfo {
  const now = Date.now();
  const limited = connection.root === "none";
  return {
    ...info,
    state: limited ? "degraded" : "live",
    ...(limited ? { reason: `no root: ${connection.rootReason ?? "what needs it is unknown"}` } : {}),
    since: now,
    seenAt: now,
  };
}

async function readAll(
  connection: HostConnection,
  options: ScanOptions,
  signal: AbortSignal,
  take: (runs: ProbeRun[], at: number) => void,
): Promise<void> {
  const again = options.whole ? allProbes : probesOverTime();
  for (let sweep = 1; sweep <= (options.sweeps ?? defaultSweeps); sweep += 1) {
    const wanted = sweep === 1 ? allProbes : again;
    if (wanted.length === 0) return;
    if (sweep > 1) {
      options.onProgress?.("waiting, to see what counts up");
      await pause(options.intervalMs ?? defaultIntervalMs, signal);
    }
    let done = 0;
    const runs = await until(
      connection.sweep(wanted, (run) => {
        done += 1;
        options.onProgress?.(`read ${done} of ${wanted.length} probes, last ${run.id}`);
      }),
      signal,
    );
    if (runs.some((run) => run.outcome === "lost")) await throwIfEnded(connection, signal);
    take(runs, Date.now());
  }
}

/** One probe may take the shell with it and the rest go on in a new one; a connection that has ended is another matter. */
async function throwIfEnded(connection: HostConnection, signal: AbortSignal): Promise<void> {
  const failure = await Promise.race([connection.closed, pause(500, signal)]);
  if (failure !== undefined) throw failure;
}

/** The promise, or a rejection as soon as the signal aborts. */
async function until<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    stop = () => signal.removeEventListener("abort", onAbort);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    stop();
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const slept = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  return until(slept, signal).finally(() => clearTimeout(timer));
}

function failureOf(error: unknown, signal: AbortSignal): SshFailure {
  const reason: unknown = signal.aborted ? signal.reason : error;
  if (reason instanceof SshFailure) return reason;
  if (!signal.aborted) throw error;
  return new SshFailure("unreachable", reason instanceof Error ? reason.message : String(reason));
}
