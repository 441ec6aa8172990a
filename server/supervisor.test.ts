import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ConfigError, readServerConfig } from "./config";
import { Supervisor, type SupervisorOptions } from "./supervisor";

let dir: string;
let log: string[];
let running: Supervisor | undefined;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "taproot-sup-"));
  log = [];
});
afterEach(async () => {
  running?.kill();
  await running?.stop();
  running = undefined;
  rmSync(dir, { recursive: true, force: true });
});

function child(name: string, body: string, env: Record<string, string> = {}) {
  const path = join(dir, `${name}.mjs`);
  writeFileSync(
    path,
    `import { appendFileSync } from "node:fs";\nconst say = (t) => appendFileSync(${JSON.stringify(join(dir, `${name}.log`))}, t + "\\n");\nsay("start " + process.pid);\n${body}\n`,
  );
  return { name, argv: [path] as const, env: { ...process.env, ...env } };
}
const said = (name: string) => {
  try {
    return readFileSync(join(dir, `${name}.log`), "utf8")
      .trim()
      .split("\n");
  } catch {
    return []; // Not started yet.
  }
};
const good =
  'process.on("SIGTERM", () => { say("term"); process.exit(0); }); process.send({ ready: true }); setInterval(() => {}, 1000);';

function run(children: SupervisorOptions["children"], options: Partial<SupervisorOptions> = {}): Supervisor {
  running = new Supervisor({ children, log: (line) => log.push(line), firstWaitMs: 20, ...options });
  running.start();
  return running;
}
async function until(check: () => boolean, ms = 10_000): Promise<void> {
  const end = Date.now() + ms;
  while (!check()) {
    if (Date.now() > end) throw new Error(`did not come true; log: ${log.join(" | ")}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
const alive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false; // ESRCH: gone.
  }
};

describe("the supervisor", () => {
  it("starts a killed child again and leaves the other alone", async () => {
    const supervisor = run([child("a", good), child("b", good)]);
    await until(() => said("a").length === 1 && said("b").length === 1);
    process.kill(supervisor.pid("a") ?? 0, "SIGKILL");
    await until(() => said("a").filter((l) => l.startsWith("start")).length === 2);
    expect(said("b")).toHaveLength(1);
    expect(log.join()).toContain("a ended unexpectedly (signal SIGKILL)");
  });

  it("starts a child again from its newest code when it is told to, without a wait and without the word unexpected", async () => {
    const supervisor = run([child("a", good), child("b", good)], { firstWaitMs: 60_000 });
    await until(() => said("a").length === 1 && said("b").length === 1);
    child("a", `say("newer"); ${good}`);
    await Promise.all([supervisor.restart("a"), supervisor.restart("a")]);
    await until(() => said("a").includes("newer"));
    expect(said("a").map((line) => line.split(" ")[0])).toEqual(["start", "term", "start", "newer"]);
    expect(said("b")).toHaveLength(1);
    expect(log).toEqual([]);
    await supervisor.restart("nobody");
  });

  it("does not start a child again that was told to while all ends", async () => {
    const supervisor = run([child("a", good)]);
    await until(() => said("a").length === 1);
    await Promise.all([supervisor.restart("a"), supervisor.stop()]);
    expect(said("a").filter((line) => line.startsWith("start"))).toHaveLength(1);
    expect(supervisor.pid("a")).toBeUndefined();
  });

  it("waits longer each time that a child dies at once", async () => {
    run([child("a", "process.exit(1)")]);
    await until(() => log.length >= 4);
    expect(log.slice(0, 4).map((line) => Number(/in (\d+) ms/.exec(line)?.[1]))).toEqual([20, 40, 80, 160]);
  });

  it("gives up when a child says that a person is needed, and ends the other cleanly", async () => {
    const supervisor = run([
      child("b", good),
      child(
        "a",
        `import { existsSync } from "node:fs"; setInterval(() => existsSync(${JSON.stringify(join(dir, "b.log"))}) && setTimeout(() => process.exit(3), 100), 20)`,
      ),
    ]);
    expect(await supervisor.ended).toBe(3);
    expect(said("b").at(-1)).toBe("term");
  });

  it("does not give up when that child has worked before", async () => {
    run([child("a", "process.send({ ready: true }, () => process.exit(3));")]);
    await until(() => said("a").length >= 2);
  });

  it("ends all cleanly, and kills in the end what does not end", async () => {
    const supervisor = run(
      [child("a", good), child("b", 'process.on("SIGTERM", () => say("no")); setInterval(() => {}, 1000);')],
      { endWithinMs: 300 },
    );
    await until(() => said("a").length === 1 && said("b").length === 1);
    // Its handler must stand before it is asked.
    await new Promise((resolve) => setTimeout(resolve, 300));
    const pids = [supervisor.pid("a"), supervisor.pid("b")];
    await supervisor.stop();
    expect(await supervisor.ended).toBe(0);
    expect(said("a").at(-1)).toBe("term");
    expect(said("b").at(-1)).toBe("no");
    for (const pid of pids) expect(alive(pid ?? 0)).toBe(false);
  });

  it("gives each child its own environment only", async () => {
    run([
      child("a", `say(String(process.env.TAPROOT_KEY)); ${good}`, { TAPROOT_KEY: "k" }),
      child("b", `say(String(process.env.TAPROOT_KEY)); ${good}`),
    ]);
    await until(() => said("a").length >= 2 && said("b").length >= 2);
    expect([said("a")[1], said("b")[1]]).toEqual(["k", "undefined"]);
  });

  it("that is killed takes its children along: their channel ends", async () => {
    const spec = child(
      "a",
      'process.on("disconnect", () => { say("orphan"); process.exit(0); }); process.send({ ready: true }); setInterval(() => {}, 1000);',
    );
    const host = join(dir, "host.mjs");
    writeFileSync(
      host,
      `import { spawn } from "node:child_process"; spawn(process.execPath, [${JSON.stringify(spec.argv[0])}], { stdio: ["ignore", "inherit", "inherit", "ipc"] }); setInterval(() => {}, 1000);`,
    );
    const parent = spawn(process.execPath, [host], { stdio: "ignore" });
    await until(() => said("a").length === 1);
    parent.kill("SIGKILL");
    await until(() => said("a").at(-1) === "orphan");
  });
});

describe("how it is started", () => {
  it("flags go before the environment, the environment before defaults", () => {
    expect(readServerConfig([], {})).toMatchObject({ host: "127.0.0.1", port: 3000 });
    expect(readServerConfig(["--port", "0", "--host=::1"], { TAPROOT_PORT: "9", TAPROOT_DATA: "/d" })).toMatchObject({
      host: "::1",
      port: 0,
      dataDir: "/d",
    });
  });

  it.each([
    [["--port", "70000"], {}, "--port 70000: not a port"],
    [[], { TAPROOT_PORT: "x" }, "TAPROOT_PORT x: not a port"],
    [["--host", "a b"], {}, "--host a b: not an address"],
    [["--wrong"], {}, "--wrong"],
    [["data"], {}, "data"],
  ])("%j %j is refused in one line that names it", (argv, env, says) => {
    expect(() => readServerConfig(argv, env)).toThrow(ConfigError);
    expect(() => readServerConfig(argv, env)).toThrow(says);
  });
});
