import { readFileSync } from "node:fs";
import { checks } from "@/lib/checks/registry";
import type { SettingValues } from "@/lib/checks/settings";
import { type HostScan, scanHost } from "@/server/collector/scan";
import { playCapture, readCapture } from "../capture";
import type { Context } from "../context";
import { explainFailure } from "../failures";
import { anyLogin, type ReachOptions, reach } from "../options";
import { report } from "../print";
import { Progress } from "../progress";
import { exitOf, scanResult } from "../result";
import { parseSettings } from "../settings";
import type { Wanted } from "../specs";
import { UsageError } from "../targets";
import { visible } from "../visible";

export interface ScanCommandOptions extends ReachOptions {
  readonly inventory?: string;
  readonly capture?: string;
  readonly json?: boolean;
  readonly only?: string;
  readonly setting: readonly string[];
  readonly parallel: number;
}

/** `taproot scan`. Resolves with the exit status; throws UsageError. */
export async function scanCommand(
  targets: readonly string[],
  options: ScanCommandOptions,
  context: Context,
): Promise<number> {
  const only = onlyOf(options.only);
  const settings = parseSettings(options.setting);
  const scans =
    options.capture === undefined
      ? await live(targets, options, settings, context)
      : [replay(targets, options.capture, options, settings, context)];
  const result = scanResult(
    scans.map((scan) => scan.snapshot),
    new Date(),
    only,
  );
  const { terminal } = context;
  if (options.json) terminal.out(`${JSON.stringify(result, null, 2)}\n`);
  else terminal.out(report(scans, terminal.colour, only));
  for (const scan of scans) if (scan.failure !== undefined) terminal.err(explainFailure(scan, terminal.colour));
  return exitOf(result);
}

function onlyOf(text: string | undefined): Set<string> | undefined {
  if (text === undefined) return undefined;
  const ids = text
    .split(",")
    .map((id) => id.trim())
    .filter((id) => id !== "");
  const known = new Set(checks.map((check) => check.id));
  const strange = ids.find((id) => !known.has(id));
  if (strange !== undefined) throw new UsageError(`--only ${strange}: no such check; "taproot checks" lists them`);
  if (ids.length === 0) throw new UsageError("--only: no check named");
  return new Set(ids);
}

function replay(
  targets: readonly string[],
  file: string,
  options: ScanCommandOptions,
  settings: SettingValues,
  context: Context,
): HostScan {
  if (targets.length > 0 || options.inventory !== undefined)
    throw new UsageError("--capture plays one recorded host back: no other host can be named with it");
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const { scan, unknown } = playCapture(readCapture(bytes, file), context.makeEngine, settings);
  if (unknown.length > 0)
    context.terminal.err(
      `${visible(file)}: probes that this version does not know are left out: ${unknown.map((id) => visible(id)).join(", ")}\n`,
    );
  return scan;
}

async function live(
  targets: readonly string[],
  options: ScanCommandOptions,
  settings: SettingValues,
  context: Context,
): Promise<HostScan[]> {
  const { wanted, keys, connect } = await reach(targets, options.inventory, options, context);
  const progress = new Progress(context.terminal, wanted.length);
  const one = async (host: Wanted): Promise<HostScan> => {
    try {
      return await scanHost(host.specs[0], {
        connect: anyLogin(connect, host),
        makeEngine: context.makeEngine,
        keys,
        settings,
        name: host.name,
        sweeps: options.sweeps,
        intervalMs: options.interval * 1000,
        timeoutMs: options.timeout * 1000,
        signal: context.signal,
        onProgress: (says) => progress.set(host.name, says),
      });
    } finally {
      progress.finish(host.name);
    }
  };
  try {
    return await inParallel(wanted, options.parallel, one);
  } finally {
    progress.stop();
    context.signal.throwIfAborted();
  }
}

/** Runs `work` over all items, at most `limit` at a time; results stand in the order of the items. */
export async function inParallel<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Map<number, R>();
  const queue = items.entries();
  const worker = async () => {
    for (const [at, item] of queue) results.set(at, await work(item));
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return items.flatMap((_, at) => {
    const result = results.get(at);
    return result === undefined ? [] : [result];
  });
}
