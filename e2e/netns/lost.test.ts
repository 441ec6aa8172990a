import { afterEach, describe, expect, it } from "vitest";
import type { EventHandlers } from "@/server/collector/ssh/api";
import { makeHost, makeUser, type NetnsHost, type TempUser } from "./host";
import { eventually, reach, sleep, textProbe } from "./support";

let host: NetnsHost | undefined;
const users: TempUser[] = [];
async function fresh(): Promise<NetnsHost> {
  host = await makeHost({ name: "lost", sshdConfig: ["PasswordAuthentication yes"] });
  return host;
}
afterEach(async () => {
  await host?.dispose();
  for (const one of users.splice(0)) await one.dispose();
});

const quiet: EventHandlers = { onLine: () => undefined, onSource: () => undefined };
const hung = textProbe("hung", "sleep 4331", { timeoutMs: 60_000 });

describe("a connection that ends", () => {
  it.each(["direct", "nopasswd", "password"] as const)(
    "leaves nothing running on the host: closed by us, root %s",
    async (how) => {
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
      await connection.follow(quiet);
      const sweeping = connection.sweep([textProbe("root", "as_root sleep 4332", { timeoutMs: 60_000 }), hung]);
      await eventually(
        () => made.strays(),
        (all) =>
          ["ip -o", "bridge monitor", "sleep 4332"].every((text) => all.some(({ command }) => command.includes(text))),
      );
      connection.close();
      expect((await sweeping).map((run) => run.outcome)).toEqual(["lost", "lost"]);
      expect((await connection.closed).kind).toBe("lost");
      await eventually(
        () => made.strays(),
        (all) => all.length === 0,
        8_000,
      );
    },
  );

  it("sshd stopped: noticed at once, nothing left running, what waited is lost", async () => {
    const made = await fresh();
    const connection = await reach(made);
    await connection.follow(quiet);
    const sweeping = connection.sweep([hung, hung]);
    await eventually(
      () => made.strays(),
      (all) => all.some(({ command }) => command.includes("sleep 4331")),
    );
    const started = Date.now();
    await made.stopSshd();
    const reason = await connection.closed;
    expect(reason.kind).toBe("lost");
    expect(Date.now() - started).toBeLessThan(5_000);
    expect((await sweeping).map((run) => run.outcome)).toEqual(["lost", "lost"]);
    await expect(connection.run(["true"])).rejects.toMatchObject({ kind: "lost" });
    expect((await connection.sweep([hung]))[0]?.outcome).toBe("lost");
    await eventually(
      () => made.strays(),
      (all) => all.length === 0,
      8_000,
    );
  });

  it("host hung (SIGSTOP): half-open is noticed within 15 s; it comes back and nothing is left", async () => {
    const made = await fresh();
    const connection = await reach(made);
    await connection.follow(quiet);
    await sleep(500);
    const started = Date.now();
    await made.freeze("stop");
    const sweeping = connection.sweep([hung]);
    const reason = await connection.closed;
    expect(Date.now() - started).toBeLessThan(15_000);
    expect(reason.message).toContain("silent");
    expect((await sweeping)[0]?.outcome).toBe("lost");
    await made.freeze("continue");
    await eventually(
      () => made.strays(),
      (all) => all.length === 0,
      8_000,
    );
    (await reach(made)).close();
  });

  it("cable pulled: what ran on the host ends by itself, without a heartbeat", { timeout: 150_000 }, async () => {
    const made = await fresh();
    const connection = await reach(made);
    await connection.follow(quiet);
    await sleep(500);
    await made.must(["ip", "link", "set", "mgmt0", "down"]);
    expect((await connection.closed).kind).toBe("lost");
    expect((await made.strays()).length).toBeGreaterThan(0);
    await eventually(
      () => made.strays(),
      (all) => all.length === 0,
      100_000,
    );
  });

  it("given up while connecting: an abort and a silent port", async () => {
    const made = await fresh();
    await made.freeze("stop");
    const started = Date.now();
    const { connect } = await import("@/server/collector/ssh/connect");
    const { book, failureOf, specOf } = await import("./support");
    const silent = await failureOf(connect(specOf(made), book(made.ssh.knownHosts), { connectTimeoutMs: 1_000 }));
    expect(silent.kind).toBe("unreachable");
    const aborted = await failureOf(
      connect(specOf(made), book(made.ssh.knownHosts), { signal: AbortSignal.timeout(300) }),
    );
    expect(aborted.message).toContain("given up");
    expect(Date.now() - started).toBeLessThan(5_000);
    await made.freeze("continue");
  });
});
