import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import { makeEngine } from "@/server/collector/engine";
import { connect } from "@/server/collector/ssh/connect";
import { run } from "./program";
import { colours, wantsColour } from "./terminal";
import { visible } from "./visible";

/** Entry of the `taproot` command: the real terminal, the real connections. */

/** From the package.json above this file: one folder up from the bundle, two from the source. */
function version(): string {
  for (const up of ["../package.json", "../../package.json"]) {
    const file = new URL(up, import.meta.url);
    if (!existsSync(file)) continue;
    const read = z.object({ version: z.string() }).safeParse(JSON.parse(readFileSync(file, "utf8")));
    if (read.success) return read.data.version;
  }
  return "unknown";
}

function onBrokenPipe(error: NodeJS.ErrnoException): void {
  // Whoever read has left (`taproot ... | head`): nothing to tell, as for any program that SIGPIPE ends.
  if (error.code === "EPIPE") process.exit(141);
  throw error;
}
process.stdout.on("error", onBrokenPipe);
process.stderr.on("error", onBrokenPipe);

const controller = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort(new Error(signal));
    // Connections get a moment to close; what then still holds the process does not hold the person.
    setTimeout(() => process.exit(130), 1_000).unref();
  });

const noColour = process.argv.includes("--no-color");
try {
  process.exitCode = await run(process.argv.slice(2), {
    terminal: {
      out: (text) => void process.stdout.write(text),
      err: (text) => void process.stderr.write(text),
      colour: colours(wantsColour(process.stdout.isTTY === true, process.env, !noColour)),
      errIsTty: process.stderr.isTTY === true,
    },
    connect,
    makeEngine,
    signal: controller.signal,
    version: version(),
  });
} catch (error) {
  // A fault of ours is no finding: 1 would say that something on a host fails.
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`taproot: internal error: ${visible(text, { lines: true })}\n`);
  process.exitCode = 2;
}
if (controller.signal.aborted) process.exit(130);
// Everything is printed (pipes included) before the process ends by itself; a connection that is slow to close must not hold it.
process.stdout.write("", () => process.stderr.write("", () => process.exit()));
