import { gzipSync } from "node:zlib";
import type { SettingValues } from "@/lib/checks/settings";
import type { HostInfo } from "@/lib/wire/model";
import { type Capture, CaptureError, type Recorded, readCapture as read } from "@/server/collector/capture/format";
import { infoOf, play, readAt } from "@/server/collector/capture/play";
import type { HostEngine, MakeEngine } from "@/server/collector/engine/api";
import type { HostScan } from "@/server/collector/scan";
import type { ProbeRun } from "@/server/collector/ssh/api";
import { type Scrubbed, scrubOutput, scrubText } from "./scrub";
import { UsageError } from "./targets";

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function recorded(run: ProbeRun, counts: Map<string, number>): Recorded {
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
  try {
    return read(bytes, file);
  } catch (error) {
    throw error instanceof CaptureError ? new UsageError(error.message) : error;
  }
}

/**
 * Plays a capture back through the same parsers and the same engine as a host that is looked at; the engine is handed
 * out as it stands then. Probes that this version does not know are left out and named in `unknown`.
 */
export function playCapture(
  capture: Capture,
  makeEngine: MakeEngine,
  settings: SettingValues = {},
): { scan: HostScan; engine: HostEngine; unknown: string[] } {
  const { id, name, address, hostname, root } = capture.host;
  const at = readAt(capture);
  const info: HostInfo = {
    ...infoOf(capture),
    ...{ id, name, address },
    state: root === "none" ? "degraded" : "live",
    since: at,
    seenAt: at,
    demo: false,
  };
  const engine = makeEngine(info, `capture-${capture.takenAt}`, {}, settings);
  const { sweeps, unknown } = play(capture, engine);
  engine.host(info);
  return { scan: { snapshot: engine.snapshot(), sweeps, hostname, root }, engine, unknown };
}
