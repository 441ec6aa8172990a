import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { makeHost, makeUser, type NetnsHost, type TempUser } from "./host";
import { eventually, failureOf, reach, specOf, textProbe } from "./support";

let host: NetnsHost | undefined;
const users: TempUser[] = [];
async function fresh(...sshdConfig: string[]): Promise<NetnsHost> {
  host = await makeHost({ name: "stream", sshdConfig: ["PasswordAuthentication yes", ...sshdConfig] });
  return host;
}
afterEach(async () => {
  await host?.dispose();
  for (const one of users.splice(0)) await one.dispose();
});

const limits = { timeoutMs: 30_000, maxBytes: 100_000 };
const sleeps = (made: NetnsHost) =>
  made.strays().then((all) => all.filter(({ command }) => command.startsWith("sleep 437")));
const gone = (made: NetnsHost) =>
  eventually(
    () => sleeps(made),
    (all) => all.length === 0,
    8_000,
  );

describe("a script over a channel of its own", () => {
  it("streams its lines with its parameters, while sweeps and changes go on", async () => {
    const connection = await reach(await fresh());
    const lines: string[] = [];
    const script = 'echo "$1"; read -r line </dev/null; sleep 2; echo "$2"';
    const stream = await connection.open(script, ["it's", "$(id)"], { ...limits, onLine: (line) => lines.push(line) });
    const order: string[] = [];
    const ended = stream.ended.then((end) => {
      order.push("script");
      return end;
    });
    const ran = connection.run(["sleep", "1"]).then(() => order.push("change"));
    const [swept] = await connection.sweep([textProbe("quick", "echo hi")]);
    order.push("sweep");
    expect(swept?.outcome).toBe("ok");
    await ran;
    expect(await ended).toMatchObject({ how: "exit", exit: 0, lines: 2 });
    expect(order).toEqual(["sweep", "change", "script"]);
    expect(lines).toEqual(["it's", "$(id)"]);
    connection.close();
  });

  it.each(["direct", "nopasswd", "password"] as const)("leaves nothing when it is cancelled, root %s", async (how) => {
    const made = await fresh();
    const one = how === "direct" ? undefined : await makeUser(how);
    if (one) users.push(one);
    const connection = await reach(
      made,
      one && {
        user: one.user,
        login: { kind: "password", password: one.password },
        sudo: how === "password" ? { kind: "password", password: one.password } : { kind: "auto" },
      },
    );
    const lines: string[] = [];
    const script = "id -u; sleep 4371 & (sleep 4372; :) | cat";
    const stream = await connection.open(script, [], { ...limits, onLine: (line) => lines.push(line) });
    await eventually(
      () => sleeps(made),
      (all) => all.length === 2,
    );
    stream.cancel();
    expect((await stream.ended).how).toBe("cancelled");
    expect(lines).toEqual(["0"]);
    await gone(made);
    expect((await connection.sweep([textProbe("after", "echo hi")]))[0]?.outcome).toBe("ok");
    connection.close();
  });

  it("leaves nothing when we are killed", async () => {
    const made = await fresh();
    const child = fileURLToPath(new URL("./stream-child.ts", import.meta.url));
    const told = { spec: specOf(made), knownHosts: made.ssh.knownHosts, script: "echo there; sleep 4373" };
    const process_ = spawn(process.execPath, ["--import", "tsx", child, JSON.stringify(told)], { stdio: "pipe" });
    await new Promise<void>((resolve, reject) => {
      process_.stdout.on("data", (bytes) => String(bytes).includes("there") && resolve());
      process_.once("exit", (code) => reject(new Error(`it ended with ${code}: ${process_.stderr.read()}`)));
    });
    await eventually(
      () => sleeps(made),
      (all) => all.length === 1,
    );
    process_.removeAllListeners("exit");
    process_.kill("SIGKILL");
    await gone(made);
    await eventually(
      () => made.strays(),
      (all) => all.length === 0,
    );
  });

  it("is refused where as many run as may, and where the host opens no more shells; changes then share the one that there is", async () => {
    const connection = await reach(await fresh());
    const hang = () => connection.open("sleep 4374", [], limits);
    const running = await Promise.all([hang(), hang(), hang(), hang()]);
    expect((await failureOf(hang())).kind).toBe("busy");
    running[0]?.cancel();
    await running[0]?.ended;
    running[0] = await hang();
    connection.close();
    expect(new Set((await Promise.all(running.map(({ ended }) => ended))).map(({ how }) => how))).toEqual(
      new Set(["lost"]),
    );
    await host?.dispose();

    const narrow = await reach(await fresh("MaxSessions 2"));
    const refused = await failureOf(narrow.open("echo never", [], limits));
    expect(refused.message).toMatch(/opens no shell/);
    expect((await narrow.run(["echo", "still"])).stdout).toBe("still\n");
    narrow.close();
  });
});
