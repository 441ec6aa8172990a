import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { peakWhile } from "@/e2e/memory";
import { probe as ipLink } from "@/lib/probes/ip-link";
import type { HostConnection, ProbeRun } from "@/server/collector/ssh/api";
import { makeHost, makeUser, type NetnsHost, type TempUser } from "./host";
import { eventually, failureOf, reach, sleep, textProbe } from "./support";

let host: NetnsHost;
let connection: HostConnection;
const users: TempUser[] = [];
beforeAll(async () => {
  host = await makeHost({ name: "sweep", sshdConfig: ["PasswordAuthentication yes"] });
  connection = await reach(host);
});
afterAll(async () => {
  connection?.close();
  await host?.dispose();
  for (const one of users) await one.dispose();
});

const before = textProbe("before", "echo before");
const after = textProbe("after", "echo after");
const outcomes = (runs: readonly ProbeRun[]) => runs.map((run) => `${run.id}:${run.outcome}`);
/** Nothing but the two held shells, what the control channel follows, and its sleep. */
const leftOver = async (pattern: RegExp) => (await host.strays()).filter(({ command }) => pattern.test(command));

describe("sweep", () => {
  it("reads, in order, with time and bytes, and reports each as it ends", async () => {
    const seen: string[] = [];
    const runs = await connection.sweep([before, ipLink, after], (run) => seen.push(run.id));
    expect(outcomes(runs)).toEqual(["before:ok", "ip-link:ok", "after:ok"]);
    expect(seen).toEqual(["before", "ip-link", "after"]);
    const names = ipLink.fact.parse(runs[1]?.value).map((link) => link.ifname);
    expect(names).toEqual(expect.arrayContaining(["lo", "mgmt0", "br0", "uplink0", "tap0", "tap1"]));
    expect(runs[1]?.bytes).toBe(runs[1]?.stdout.length);
    expect(runs[1]?.ms).toBeGreaterThan(0);
  });

  it("tells absent, refused, failed and garbled apart", async () => {
    const runs = await connection.sweep([
      textProbe("absent", "need no-such-tool; echo never"),
      textProbe("refused", "exit 77"),
      textProbe("failed", "echo half; echo 'no such device' >&2; exit 3"),
      textProbe("garbled", "echo bad news"),
      textProbe("noisy", "echo fine; echo warning >&2"),
      after,
    ]);
    expect(outcomes(runs)).toEqual([
      "absent:absent",
      "refused:refused",
      "failed:failed",
      "garbled:garbled",
      "noisy:ok",
      "after:ok",
    ]);
    expect(runs[2]).toMatchObject({ exit: 3, detail: "exit status 3; no such device" });
    expect(runs[3]?.detail).toContain("bad news");
    expect(runs[4]).toMatchObject({ value: "fine\n", detail: "warning" });
    expect(runs[0]?.value).toBeUndefined();
  });

  it("gives every probe its own shell state, and no stdin", async () => {
    const runs = await connection.sweep([
      textProbe("sets", "X=1; cd /tmp; umask 0; set -f; exec 2>&-; echo set"),
      textProbe("sees", 'echo "[$X] $PWD $LC_ALL"; cat; set -- "$@"; echo $#'),
      textProbe("kills", "kill -9 $$ 2>/dev/null; exit 4"),
      after,
    ]);
    expect(runs[1]?.value).toBe("[] / C\n2\n");
    // Even a probe that ends the shell itself spoils only itself.
    expect(runs[2]?.outcome).toBe("lost");
    expect(runs[3]?.outcome).toBe("ok");
  });

  it("ends a hung probe in time, with its children, and goes on", async () => {
    const started = Date.now();
    const runs = await connection.sweep([
      before,
      textProbe("hung", "echo part; sleep 4321 | cat; echo never", { timeoutMs: 700 }),
      after,
    ]);
    expect(outcomes(runs)).toEqual(["before:ok", "hung:timeout", "after:ok"]);
    expect(runs[1]).toMatchObject({ detail: expect.stringContaining("700 ms") });
    expect(Buffer.from(runs[1]?.stdout ?? []).toString()).toBe("part\n");
    expect(Date.now() - started).toBeLessThan(8_000);
    await eventually(
      () => leftOver(/sleep 4321/),
      (left) => left.length === 0,
    );
  });

  it("ends a probe that ignores signals, runs apart or stopped its own shell", async () => {
    const runs = await connection.sweep([
      textProbe("deaf", "trap '' TERM INT HUP; setsid sleep 4322", { timeoutMs: 700 }),
      textProbe("stopped", "kill -STOP $$; sleep 1; echo on", { timeoutMs: 2_000 }),
      after,
    ]);
    expect(outcomes(runs)).toEqual(["deaf:timeout", "stopped:timeout", "after:ok"]);
    await eventually(
      () => leftOver(/sleep 4322/),
      (left) => left.length === 0,
    );
  });

  it("stands 100 MB of garbage on either stream: bounded memory, the next probes unspoilt", async () => {
    const { value: runs, peak } = await peakWhile(() =>
      connection.sweep([
        before,
        textProbe("flood", "head -c 104857600 /dev/zero | tr '\\0' x; echo", { maxBytes: 10_000 }),
        textProbe("endless", "yes 'e1 0'", { maxBytes: 10_000 }),
        textProbe("loud", "head -c 104857600 /dev/urandom >&2", { maxBytes: 10_000 }),
        after,
      ]),
    );
    expect(outcomes(runs)).toEqual(["before:ok", "flood:cut", "endless:cut", "loud:cut", "after:ok"]);
    expect(runs[1]?.stdout).toHaveLength(10_000);
    expect(peak).toBeLessThan(20e6);
    await eventually(
      () => leftOver(/\byes\b|\/dev\/(?:zero|urandom)/),
      (left) => left.length === 0,
    );
  });

  it("gets rid of what a probe leaves running to write later", async () => {
    const runs = await connection.sweep([
      textProbe("leaves", "( while sleep 0.01; do echo garbage; done ) & echo left"),
    ]);
    expect(runs[0]).toMatchObject({ outcome: "ok", value: "left\n" });
    await sleep(500);
    expect((await connection.sweep([after]))[0]).toMatchObject({ outcome: "ok", value: "after\n" });
    await sleep(200);
    expect((await connection.sweep([textProbe("later", "sleep 0.3; echo later")]))[0]).toMatchObject({
      value: "later\n",
    });
    expect(await leftOver(/sleep 0.01/)).toEqual([]);
  });

  it("lets a narrow read and a change go before a slow sweep", async () => {
    const order: string[] = [];
    const slow = Array.from({ length: 20 }, (_, at) => textProbe(`slow${at}`, "sleep 0.05", { tier: "slow" }));
    const sweeping = connection.sweep(slow).then(() => order.push("slow"));
    const narrow = connection.sweep([after]).then(() => order.push("narrow"));
    const change = connection.run(["true"]).then(() => order.push("change"));
    await Promise.all([sweeping, narrow, change]);
    expect(order.at(-1)).toBe("slow");
  });

  it("brings hostile interface names through whole", async () => {
    const names = ["$(id)", ";reboot", "`a`", "|cat", "-rf", "<b>x", "__proto__", "a'b\"c", "\\n", "é", "x\u001b[31m"];
    for (const [at, name] of names.entries()) {
      await host.must(["ip", "link", "add", `hostile${at}`, "type", "bridge"]);
      expect((await connection.run(["ip", "link", "set", "dev", `hostile${at}`, "name", name])).stderr).toBe("");
    }
    const [run] = await connection.sweep([ipLink]);
    expect(run?.outcome).toBe("ok");
    const found = ipLink.fact.parse(run?.value).map((link) => link.ifname);
    expect(found).toEqual(expect.arrayContaining(names));
    const shown = await connection.script(
      'for name; do ip -o link show dev "$name" >/dev/null || echo "not $name"; done',
      names,
    );
    expect(shown).toMatchObject({ exit: 0, stdout: "" });
    for (const name of names) await connection.run(["ip", "link", "del", "dev", name]);
  });
});

describe("changes", () => {
  it("run with status, both streams, and stdin", async () => {
    expect(await connection.run(["sh", "-c", "echo out; echo err >&2; exit 5"])).toEqual({
      exit: 5,
      stdout: "out\n",
      stderr: "err\n",
    });
    expect(await connection.run(["cat"], { stdin: "a'b\n$(id)\n" })).toEqual({
      exit: 0,
      stdout: "a'b\n$(id)\n",
      stderr: "",
    });
    expect(await connection.run(["ip", "-batch", "-"], { stdin: "link set dev tap1 down\n" })).toMatchObject({
      exit: 0,
    });
    expect((await connection.run(["no-such-program"])).exit).toBe(127);
  });

  it("are ended when they take too long, and say so", async () => {
    const failure = await failureOf(connection.run(["sleep", "4323"], { timeoutMs: 500 }));
    expect(failure.message).toContain("500 ms");
    await eventually(
      () => leftOver(/sleep 4323/),
      (left) => left.length === 0,
    );
    expect((await connection.run(["echo", "on"])).stdout).toBe("on\n");
  });

  it("refuse what is no command", async () => {
    await expect(connection.run(["a\0b"])).rejects.toThrow(/NUL/);
  });
});

describe("as another user, by sudo", () => {
  it("ends a hung root process too", async () => {
    const one = await makeUser("nopasswd");
    users.push(one);
    const mine = await reach(host, { user: one.user, login: { kind: "password", password: one.password } });
    const runs = await mine.sweep([textProbe("hung", "as_root sleep 4324", { timeoutMs: 700 }), after]);
    expect(outcomes(runs)).toEqual(["hung:timeout", "after:ok"]);
    await eventually(
      () => leftOver(/sleep 4324/),
      (left) => left.length === 0,
    );
    mine.close();
  });
});
