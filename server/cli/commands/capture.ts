import { writeFileSync } from "node:fs";
import { scanHost } from "@/server/collector/scan";
import { makeCapture, writeCapture } from "../capture";
import type { Context } from "../context";
import { explainFailure } from "../failures";
import { anyLogin, type ReachOptions, reach } from "../options";
import { Progress } from "../progress";
import { UsageError } from "../targets";
import { visible } from "../visible";

export interface CaptureCommandOptions extends ReachOptions {
  readonly output: string;
}

/** `taproot capture`. Resolves with the exit status: 0 written, 2 could not look. Throws UsageError. */
export async function captureCommand(
  target: string,
  options: CaptureCommandOptions,
  context: Context,
): Promise<number> {
  const { wanted, keys, connect } = await reach([target], undefined, options, context);
  const [host] = wanted;
  if (host === undefined) throw new UsageError("no host");
  const { terminal } = context;
  const progress = new Progress(terminal, 1);
  const scan = await scanHost(host.specs[0], {
    connect: anyLogin(connect, host),
    makeEngine: context.makeEngine,
    keys,
    name: host.name,
    sweeps: options.sweeps,
    intervalMs: options.interval * 1000,
    timeoutMs: options.timeout * 1000,
    signal: context.signal,
    onProgress: (says) => progress.set(host.name, says),
  }).finally(() => progress.stop());
  context.signal.throwIfAborted();
  if (scan.failure !== undefined) {
    terminal.err(explainFailure(scan, terminal.colour));
    return 2;
  }
  const capture = makeCapture(scan, new Date());
  const bytes = writeCapture(capture, options.output);
  if (options.output === "-") terminal.out(bytes.toString("utf8"));
  else write(options.output, bytes);
  const scrubbed = capture.scrubbed.map(({ what, count }) => `${count} x ${what}`).join(", ");
  const read = capture.sweeps[0]?.length ?? 0;
  terminal.err(
    [
      `${visible(options.output)}: ${bytes.length} bytes, ${read} probes of ${visible(host.name)}`,
      `scrubbed: ${scrubbed === "" ? "nothing that looks like a secret was found" : scrubbed}`,
      "kept: names of hosts and guests, addresses, MACs, command lines, kernel log. Read it before you give it away.",
      "",
    ].join("\n"),
  );
  return 0;
}

function write(file: string, bytes: Buffer): void {
  try {
    // Names and addresses of a whole site: for the owner's eyes.
    writeFileSync(file, bytes, { mode: 0o600 });
  } catch (error) {
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
