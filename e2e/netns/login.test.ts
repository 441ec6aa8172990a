import { execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeHost, makeUser, type NetnsHost, type TempUser } from "./host";
import { eventually, failureOf, reach, textProbe } from "./support";

let host: NetnsHost;
const users: TempUser[] = [];
async function user(sudo: Parameters<typeof makeUser>[0]): Promise<TempUser> {
  const made = await makeUser(sudo);
  users.push(made);
  return made;
}
const byPassword = (one: TempUser) => ({
  user: one.user,
  login: { kind: "password" as const, password: one.password },
});

beforeAll(async () => {
  host = await makeHost({ name: "login", sshdConfig: ["PasswordAuthentication yes"] });
});
afterAll(async () => {
  await host?.dispose();
  for (const one of users) await one.dispose();
});

describe("login", () => {
  it("by key file, with and without its passphrase", async () => {
    const path = join(host.folder, "locked");
    execFileSync("cp", [host.ssh.privateKeyFile, path]);
    execFileSync("ssh-keygen", ["-q", "-p", "-P", "", "-N", "open sesame", "-f", path]);
    (await reach(host, { login: { kind: "key-file", path, passphrase: "open sesame" } })).close();
    const wrong = await failureOf(reach(host, { login: { kind: "key-file", path, passphrase: "nope" } }));
    expect(wrong).toMatchObject({ kind: "login" });
    expect(wrong.message).toContain("wrong passphrase");
    const none = await failureOf(reach(host, { login: { kind: "key-file", path } }));
    expect(none.message).toContain("needs a passphrase");
    const absent = await failureOf(reach(host, { login: { kind: "key-file", path: "/nonexistent/key" } }));
    expect(absent).toMatchObject({ kind: "login" });
    expect(absent.message).toContain("/nonexistent/key");
  });

  it("by agent", async () => {
    const socket = join(host.folder, "agent.sock");
    const agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: "ignore" });
    const before = process.env.SSH_AUTH_SOCK;
    try {
      process.env.SSH_AUTH_SOCK = socket;
      await eventually(
        () => execFileSync("sh", ["-c", `ssh-add ${host.ssh.privateKeyFile} 2>&1 || :`], { encoding: "utf8" }),
        (text) => text.includes("added"),
      );
      (await reach(host, { login: { kind: "agent" } })).close();
      delete process.env.SSH_AUTH_SOCK;
      expect((await failureOf(reach(host, { login: { kind: "agent" } }))).message).toContain("SSH_AUTH_SOCK");
    } finally {
      agent.kill();
      if (before === undefined) delete process.env.SSH_AUTH_SOCK;
      else process.env.SSH_AUTH_SOCK = before;
    }
  });

  it("turned down: wrong user, wrong key, wrong password; each named, none secret", async () => {
    const other = join(host.folder, "other");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", other]);
    const key = await failureOf(reach(host, { login: { kind: "key", privateKey: readFileSync(other, "utf8") } }));
    expect(key).toMatchObject({ kind: "login" });
    expect(key.message).toContain("publickey");
    expect(await failureOf(reach(host, { user: "nobody-here" }))).toMatchObject({ kind: "login" });
    const one = await user("none");
    const password = await failureOf(
      reach(host, { user: one.user, login: { kind: "password", password: "wrong-secret" } }),
    );
    expect(password).toMatchObject({ kind: "login" });
    expect(password.message).not.toContain("wrong-secret");
    const garbage = await failureOf(reach(host, { login: { kind: "key", privateKey: "no key at all" } }));
    expect(garbage).toMatchObject({ kind: "login" });
  });

  it("nobody there: refused port", async () => {
    const failure = await failureOf(reach(host, { port: 9 }));
    expect(failure).toMatchObject({ kind: "unreachable" });
    expect(failure.message).toContain("connection refused");
  });
});

const whoami = textProbe("whoami", "as_root id -u");

describe("sudo", () => {
  it("without a password: probes and changes run as root", async () => {
    const one = await user("nopasswd");
    const connection = await reach(host, byPassword(one));
    expect(connection.root).toBe("sudo");
    expect((await connection.sweep([whoami]))[0]).toMatchObject({ outcome: "ok", value: "0\n" });
    expect((await connection.run(["id", "-u"])).stdout).toBe("0\n");
    expect((await connection.script('id -u; echo "$1"', ["$(id)"])).stdout).toBe("0\n$(id)\n");
    connection.close();
  });

  it("with a password: a held root shell, and the password on no command line", async () => {
    const one = await user("password");
    const connection = await reach(host, { ...byPassword(one), sudo: { kind: "password", password: one.password } });
    expect(connection.root).toBe("sudo");
    expect((await connection.sweep([whoami]))[0]).toMatchObject({ outcome: "ok", value: "0\n" });
    expect((await connection.run(["id", "-u"])).stdout).toBe("0\n");
    const commands = execFileSync(
      "sh",
      ["-c", "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n'; :"],
      { encoding: "latin1", maxBuffer: 64e6 },
    );
    expect(commands).toContain("sudo");
    expect(commands).not.toContain(one.password);
    connection.close();
  });

  it("with a wrong password: no root, with the reason; the rest is read", async () => {
    const one = await user("password");
    const connection = await reach(host, { ...byPassword(one), sudo: { kind: "password", password: "wrong" } });
    expect(connection).toMatchObject({ root: "none", rootReason: expect.stringContaining("turned the password down") });
    const [refused, fine] = await connection.sweep([whoami, textProbe("me", "id -un")]);
    expect(refused).toMatchObject({ outcome: "refused", detail: expect.stringContaining("password") });
    expect(fine).toMatchObject({ outcome: "ok", value: `${one.user}\n` });
    connection.close();
  });

  it("none at all, and not wanted: each with its reason", async () => {
    const one = await user("none");
    const connection = await reach(host, byPassword(one));
    expect(connection.root).toBe("none");
    expect(connection.rootReason).toMatch(/password|sudo/);
    connection.close();
    const able = await user("nopasswd");
    const unwanted = await reach(host, { ...byPassword(able), sudo: { kind: "none" } });
    expect(unwanted).toMatchObject({ root: "none", rootReason: expect.stringContaining("not to be used") });
    unwanted.close();
  });

  it("for some commands only: the others are refused, not failed", async () => {
    const one = await user({ rule: "NOPASSWD: /usr/bin/id" });
    const connection = await reach(host, byPassword(one));
    expect(connection.root).toBe("sudo");
    const [allowed, refused] = await connection.sweep([whoami, textProbe("no", "as_root cat /etc/shadow")]);
    expect(allowed).toMatchObject({ outcome: "ok", value: "0\n" });
    expect(refused).toMatchObject({ outcome: "refused", detail: expect.stringContaining("sudo") });
    connection.close();
  });
});
