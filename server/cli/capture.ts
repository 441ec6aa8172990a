import { gunzipSync, gzipSync } from "node:zlib";
import { z } from "zod";
import type { SettingValues } from "@/lib/checks/settings";
import { ParseError, type Probe } from "@/lib/probes/define";
import { probes } from "@/lib/probes/registry";
import { HostSpec } from "@/lib/wire/rest";
import type { HostEngine, MakeEngine } from "@/server/collector/engine/api";
import type { HostScan } from "@/server/collector/scan";
import type { ProbeRun } from "@/server/collector/ssh/api";
import { factsOf, reportsOf } from "@/server/collector/sweep-facts";
import { type Scrubbed, scrubOutput, scrubText } from "./scrub";
import { UsageError } from "./targets";

const outcomes = ["ok", "absent", "refused", "timeout", "cut", "failed", "garbled", "lost"] as const;
/** A capture larger than this, on disk or unpacked, is not ours: the byte limits of the probes keep a real one far below. */
const maxBytes = 512 * 1024 * 1024;

const Recorded = z.object({
  id: z.string(),
  outcome: z.enum(outcomes),
  ms: z.number(),
  bytes: z.number(),
  exit: z.number(),
  at: z.number(),
  detail: z.string().optional(),
  /** What was printed: text where it is UTF-8, else base64. */
  text: z.string().optional(),
  base64: z.string().optional(),
});

/** A capture, version 1: what the probes printed, scrubbed, with how each ended. */
export const Capture = z.object({
  format: z.literal("taproot-capture"),
  version: z.literal(1),
  takenAt: z.string(),
  host: z.object({
    id: HostSpec.shape.id,
    name: z.string(),
    address: z.string(),
    hostname: z.string(),
    root: z.enum(["direct", "sudo", "none"]),
  }),
  scrubbed: z.array(z.object({ what: z.string(), count: z.number() })),
  sweeps: z.array(z.array(Recorded)).min(1),
});
export type Capture = z.infer<typeof Capture>;

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function recorded(run: ProbeRun, counts: Map<string, number>): z.infer<typeof Recorded> {
  const stdout = scrubOutput(run.stdout, counts);
  const { id, outcome, ms, bytes, exit, at } = run;
  // The detail may hold what a tool printed on its standard error.
  const detail = run.detail === undefined ? {} : { detail: scrubText(run.detail, counts) };
  const head = { id, outcome, ms, bytes, exit, at, ...detail };
  try {
    return { ...head, text: strictUtf8.decode(stdout) };
  } catch {
    // Not UTF-8: kept byte for byte in another dress.
    return { ...head, base64: Buffer.from(stdout).toString("base64") };
  }
}

/** Makes a capture of what a scan read. Throws where the host was not reached: an empty capture would look like a healthy host. */
export function makeCapture(scan: HostScan, takenAt: Date): Capture {
  if (scan.failure !== undefined) throw scan.failure;
  const counts = new Map<string, number>();
  const sweeps = scan.sweeps.map((runs) => runs.map((run) => recorded(run, counts)));
  const { host } = scan.snapshot;
  return {
    format: "taproot-capture",
    version: 1,
    takenAt: takenAt.toISOString(),
    host: {
      id: host.id,
      name: host.name,
      address: host.address,
      hostname: scan.hostname ?? host.name,
      root: scan.root ?? "none",
    },
    scrubbed: [...counts].map(([what, count]): Scrubbed => ({ what, count })),
    sweeps,
  };
}

/** The file: gzip where its name ends in .gz, else plain JSON. */
export function writeCapture(capture: Capture, file: string): Buffer {
  const text = Buffer.from(`${JSON.stringify(capture)}\n`);
  return file.endsWith(".gz") ? gzipSync(text) : text;
}

/** Reads a capture, plain or gzip by its first bytes. Throws UsageError that names the file and what is wrong with it. */
export function readCapture(bytes: Buffer, file: string): Capture {
  const bad = (why: string) => new UsageError(`${file}: ${why}`);
  if (bytes.length === 0) throw bad("the file is empty");
  if (bytes.length > maxBytes) throw bad(`larger than ${maxBytes} bytes: no capture`);
  let text: string;
  try {
    text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes, { maxOutputLength: maxBytes }) : bytes).toString(
      "utf8",
    );
  } catch (error) {
    throw bad(`cannot be unpacked, cut or damaged: ${error instanceof Error ? error.message : String(error)}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw bad(`not JSON, cut or damaged: ${error instanceof Error ? error.message : String(error)}`);
  }
  const head = z.object({ format: z.literal("taproot-capture"), version: z.number() }).safeParse(value);
  if (!head.success) throw bad("no capture of taproot (the field format is missing)");
  if (head.data.version !== 1) throw bad(`version ${head.data.version} of the format; this program reads version 1`);
  const read = Capture.safeParse(value);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw bad(`${issue?.path.map(String).join(".") ?? "?"}: ${issue?.message ?? "does not fit"}`);
}

const known: ReadonlyMap<string, Probe> = new Map(Object.entries(probes));

/** What the parser of today makes of what was printed then. */
function replayed(entry: z.infer<typeof Recorded>, probe: Probe): ProbeRun {
  const stdout = entry.base64 === undefined ? Buffer.from(entry.text ?? "") : Buffer.from(entry.base64, "base64");
  const run: ProbeRun = { ...entry, stdout };
  if (entry.outcome !== "ok" && entry.outcome !== "garbled") return run;
  try {
    return { ...run, outcome: "ok", detail: undefined, value: probe.parse({ stdout, exit: entry.exit }) };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return { ...run, outcome: "garbled", detail: error.message };
  }
}

/**
 * Plays a capture back through the same parsers and the same engine, which is handed out as it stands then. Probes that this version does not know are
 * left out and named in `unknown`.
 */
export function playCapture(
  capture: Capture,
  makeEngine: MakeEngine,
  settings: SettingValues = {},
): { scan: HostScan; engine: HostEngine; unknown: string[] } {
  const { id, name, address } = capture.host;
  const unknown = new Set<string>();
  const lastAt = Math.max(...capture.sweeps.flat().map((entry) => entry.at), 0);
  const info = { id, name, address, state: "live" as const, since: lastAt, seenAt: lastAt, demo: false };
  const engine = makeEngine(info, `capture-${capture.takenAt}`, {}, settings);
  const sweeps = capture.sweeps.map((entries) => {
    const runs = entries.flatMap((entry) => {
      const probe = known.get(entry.id);
      if (probe === undefined) unknown.add(entry.id);
      return probe === undefined ? [] : [replayed(entry, probe)];
    });
    engine.read(factsOf(runs), reportsOf(runs), Math.max(...runs.map((run) => run.at), 0));
    return runs;
  });
  const limited = capture.host.root === "none";
  engine.host({
    ...info,
    state: limited ? "degraded" : "live",
    ...(limited ? { reason: "captured without root" } : {}),
  });
  const spec: HostSpec = {
    id,
    address: "capture",
    port: 22,
    user: "-",
    login: { kind: "agent" },
    sudo: { kind: "none" },
    jump: [],
  };
  return {
    scan: { spec, snapshot: engine.snapshot(), sweeps, hostname: capture.host.hostname, root: capture.host.root },
    engine,
    unknown: [...unknown],
  };
}
