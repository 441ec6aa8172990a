import { afterEach, describe, expect, it } from "vitest";
import type { StreamOptions } from "./api";
import { Control } from "./control";
import { posix } from "./dialects/posix";
import { cutMark, lineLimit } from "./lines";
import { openStream } from "./stream";
import { inSessions, localShells, shells } from "./testing";

const { open: localShell, sessions, closeAll } = localShells();
const controls: Control[] = [];
afterEach(() => {
  for (const control of controls.splice(0)) control.stop();
  closeAll();
});

describe.each(shells.map((argv) => [argv.join(" "), argv] as const))("a script over %s", (_name, argv) => {
  async function run(command: string, more: Partial<StreamOptions> = {}) {
    const control = await Control.open(localShell(argv), false, () => undefined);
    controls.push(control);
    const lines: string[] = [];
    const shell = localShell(argv);
    const session = sessions.at(-1) ?? 0;
    const stream = await openStream(shell, { dialect: posix, root: "direct", ender: control }, command, {
      timeoutMs: 20_000,
      maxBytes: 100_000,
      onLine: (line) => lines.push(line),
      ...more,
    });
    return { stream, lines, session };
  }
  async function empty(session: number): Promise<void> {
    while (inSessions([session]).length > 0) await new Promise((resolve) => setTimeout(resolve, 50));
  }

  it("passes on its lines as they come, and tells how it ended", async () => {
    const script = "echo one; echo oops >&2; read -r never; sleep 0.2; printf 'two\\nthree'; exit 3";
    const chunks: string[] = [];
    const onBytes = (bytes: Uint8Array) => chunks.push(Buffer.from(bytes).toString());
    const { stream, lines, session } = await run(script, { onBytes });
    expect(await stream.ended).toMatchObject({ how: "exit", exit: 3, stderr: "oops\n", bytes: 13, lines: 2 });
    expect(lines).toEqual(["one", "two", "three"]);
    // As they came, and not when it was over.
    expect([chunks[0], chunks.join("")]).toEqual(["one\n", "one\ntwo\nthree"]);
    await empty(session);
  });

  it("ends at its limits, and passes on nothing beyond them", async () => {
    const flood = "while :; do echo 0123456789; done";
    const byLines = await run(flood, { maxLines: 7 });
    expect(await byLines.stream.ended).toMatchObject({ how: "cut", lines: 7 });
    expect(byLines.lines).toEqual(Array.from({ length: 7 }, () => "0123456789"));
    const byBytes = await run(flood, { maxBytes: 25 });
    expect(await byBytes.stream.ended).toMatchObject({ how: "cut", bytes: 25 });
    expect(byBytes.lines).toEqual(["0123456789", "0123456789", "012"]);
    const byTime = await run("echo first; sleep 4357; echo never", { timeoutMs: 1_500 });
    const { how, reason } = await byTime.stream.ended;
    expect([how, reason]).toEqual(["timeout", undefined]);
    expect(byTime.lines).toEqual(["first"]);
    const long = await run(`head -c ${lineLimit + 50} /dev/zero | tr '\\0' x; echo; echo short`);
    expect((await long.stream.ended).how).toBe("exit");
    expect(long.lines.map((line) => line.length)).toEqual([lineLimit + cutMark.length, 5]);
    for (const { session } of [byLines, byBytes, byTime, long]) await empty(session);
  });

  it("is cancelled with all that it started, also what it left running", async () => {
    const aborter = new AbortController();
    const { stream, session } = await run("sleep 4358 & (sleep 4359; :) | cat; echo never", { signal: aborter.signal });
    while (inSessions([session]).length < 4) await new Promise((resolve) => setTimeout(resolve, 50));
    aborter.abort();
    expect((await stream.ended).how).toBe("cancelled");
    await empty(session);
    const left = await run("sleep 4360 >/dev/null 2>&1 & echo done");
    expect(await left.stream.ended).toMatchObject({ how: "exit", exit: 0 });
    await empty(left.session);
    const never = await run("echo never", { signal: AbortSignal.abort() });
    expect((await never.stream.ended).how).toBe("cancelled");
    expect(never.lines).toEqual([]);
    await empty(never.session);
  });

  it("ends with the control channel, whoever ended that", async () => {
    const { stream, session } = await run("sleep 4361; echo never");
    while (inSessions([session]).length < 2) await new Promise((resolve) => setTimeout(resolve, 50));
    controls.splice(0)[0]?.stop();
    expect((await stream.ended).how).toBe("lost");
    await empty(session);
  });
});
