import { spawnSync } from "node:child_process";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type SourceId, sources } from "@/lib/events/registry";
import { SshFailure } from "./api";
import { Control } from "./control";
import { newNonce, type Shell } from "./shell";
import { guard, inSessions, localShells, shells } from "./testing";
import { type Ending, priority, type Task, Work } from "./work";

const { open: localShell, sessions, closeAll } = localShells();
afterEach(closeAll);

const task = (script: string, more: Partial<Task> = {}): Task => ({
  id: script,
  script,
  timeoutMs: 5_000,
  maxBytes: 10_000,
  priority: priority.narrow,
  ...more,
});
const text = (ending: Ending) => Buffer.from(ending.stdout).toString("latin1");

async function start(argv: readonly string[]): Promise<{ work: Work; control: Control }> {
  const control = await Control.open(localShell(argv), false, () => undefined);
  const work = new Work(
    async () => localShell(argv),
    "direct",
    control,
    (failure) => {
      throw failure;
    },
  );
  await work.start();
  return { work, control };
}

function alive(pattern: string): boolean {
  return spawnSync("sh", ["-c", `cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' '`], {
    encoding: "latin1",
  }).stdout.includes(pattern);
}

describe.each(shells.map((argv) => [argv.join(" "), argv] as const))("over %s", (name, argv) => {
  it("runs, frames, tells statuses, and keeps the order", async () => {
    const { work, control } = await start(argv);
    const endings = await Promise.all([
      work.run(task("printf one")),
      work.run(task("echo two; echo err >&2; exit 3")),
      work.run(task("need no-such-tool; echo never")),
      work.run(task("as_root echo root # a comment at the end")),
      work.run(task('item "a b" printf %s x')),
      work.run(task("printf one")),
      work.run(task('read -r line && echo "$line"; echo end', { id: undefined })),
    ]);
    expect(endings.map(text)).toEqual(["one", "two\n", "", "root\n", "#item 3 0 1\na b\nx\n", "one", "end\n"]);
    expect(endings.map((ending) => ending.exit)).toEqual([0, 3, 127, 0, 0, 0, 0]);
    expect(Buffer.from(endings[1]?.stderr ?? []).toString()).toBe("err\n");
    work.stop("done");
    control.stop();
  });

  it("keeps standard error whole, whenever the script begins to write", async () => {
    const { work, control } = await start(argv);
    // The shell still tells the pid of what runs while that already writes: bash writes line by line.
    const endings = await Promise.all(Array.from({ length: 200 }, () => work.run(task("echo err >&2"))));
    expect(new Set(endings.map((ending) => Buffer.from(ending.stderr).toString()))).toEqual(new Set(["err\n"]));
    work.stop("done");
    control.stop();
  });

  it("ends what hangs and what floods, with its children, and goes on in the same shell", async () => {
    const { work, control } = await start(argv);
    const mark = `43${process.pid}${name.length}`;
    const endings = await Promise.all([
      work.run(task(`echo part; (trap '' TERM; sleep ${mark}; :) | cat; echo never`, { timeoutMs: 400 })),
      work.run(task("while :; do echo garbage garbage garbage; done")),
      work.run(task("echo $$")),
      work.run(task("echo still $$")),
    ]);
    expect(endings.map((ending) => ending.how)).toEqual(["timeout", "cut", "exit", "exit"]);
    expect(endings.map((ending) => ending.reason)).toEqual([undefined, undefined, undefined, undefined]);
    expect(text(endings[0] as Ending)).toBe("part\n");
    expect(endings[1]?.stdout).toHaveLength(10_000);
    expect(alive(`sleep ${mark}`)).toBe(false);
    work.stop("done");
    control.stop();
  });

  it("opens another shell when one dies or breaks, and loses only what ran", async () => {
    const { work, control } = await start(argv);
    const [before, killed, after, broken, last] = await Promise.all([
      work.run(task("echo before")),
      work.run(task("kill -9 $$; sleep 1")),
      work.run(task("echo after")),
      work.run(task("if then fi ((")),
      work.run(task("echo last")),
    ]);
    expect([before, after, last].map((ending) => ending && text(ending))).toEqual(["before\n", "after\n", "last\n"]);
    expect(killed?.how).toBe("lost");
    expect(broken?.how === "lost" || broken?.exit !== 0).toBe(true);
    work.stop("done");
    control.stop();
    expect((await work.run(task("echo no"))).how).toBe("lost");
  });

  it("follows events and ends every process when the channel closes", async () => {
    const { work, control } = await start(argv);
    const seen = new Map<SourceId, string>();
    control.follow({ onLine: () => undefined, onSource: (source, state) => seen.set(source, state) });
    const mark = `44${process.pid}${name.length}`;
    const running = work.run(task(`sleep ${mark}`, { timeoutMs: 60_000 }));
    while (!alive(`sleep ${mark}`) || seen.size < Object.keys(sources).length)
      await new Promise((resolve) => setTimeout(resolve, 50));
    // Only the control channel ends, as when the far end notices first.
    control.stop();
    // The work shell itself, every source, every loop, the watchdog and its sleep: all that the two sessions held.
    while (inSessions(sessions.slice(-2)).length > 0) await new Promise((resolve) => setTimeout(resolve, 50));
    work.stop("gone");
    expect((await running).how).toBe("lost");
  });
});

describe("a far end that is no shell", () => {
  it("is refused, with what it printed", async () => {
    const opened = Control.open(
      localShell(["sh", "-c", "echo 'This account is currently not available.'"]),
      false,
      () => undefined,
    );
    await expect(opened).rejects.toThrow(SshFailure);
    await expect(opened).rejects.toThrow(/not available/);
  });
});

describe("a far end whose two streams come apart", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("still ends a job that overflows before the one before it has ended on stderr", async () => {
    vi.useFakeTimers();
    const nonce = newNonce();
    let out: (bytes: Uint8Array) => void = () => undefined;
    let err: (bytes: Uint8Array) => void = () => undefined;
    const say = (to: typeof out, marks: string) => to(Buffer.from(marks.replaceAll("@", nonce), "latin1"));
    const ended: number[] = [];
    const sessions: number[] = [];
    const shell: Shell = {
      nonce,
      write: () => undefined,
      listen: (onOut, onErr) => {
        out = onOut;
        err = onErr;
      },
      ended: new Promise(() => undefined),
      close: () => undefined,
      pause: () => undefined,
      guard,
    };
    const opened = vi.fn(async () => shell);
    const work = new Work(
      opened,
      "direct",
      {
        end: (pid) => ended.push(pid),
        endSession: (pid) => sessions.push(pid),
        adopt: () => undefined,
        disown: () => undefined,
      },
      () => undefined,
    );
    const started = work.start();
    await vi.advanceTimersByTimeAsync(0);
    out(Buffer.from(`\n${nonce}@7\n`));
    await started;
    const first = work.run(task("first"));
    const second = work.run(task("second", { maxBytes: 10 }));
    say(out, "@b1\n@e1 0\n@b2\nmuch too much of it");
    expect(ended).toEqual([]);
    say(err, "@b1\n@p1 8\n@e1 0\n@b2\n@p2 9\n");
    expect((await first).how).toBe("exit");
    // Its pid came late; it is ended all the same.
    expect(ended).toEqual([9]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect((await second).how).toBe("cut");
    expect(sessions).toEqual([7]);
  });
});
