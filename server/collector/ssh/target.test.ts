import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { HostSpec } from "@/lib/wire/rest";
import { applyConfig, resolveTarget, TargetError } from "./target";

const config = `
Host hv1
  HostName 10.0.0.1
  Port 2222
  User noc
  IdentityFile ~/.ssh/hv
  ProxyJump gate,ops@inner:2022
Host gate
  HostName gate.example
  ProxyJump outer
  identityfile %d/.ssh/gate-%h
Host outer
  Port 22022
Host ring1
  ProxyJump ring2
Host ring2
  ProxyJump ring1
Host cmd
  ProxyCommand nc %h %p
Match exec "touch /tmp/taproot-must-not-run"
  User evil
Host *
  UserKnownHostsFile ~/.ssh/known_lab /etc/known
`;

describe("resolveTarget", () => {
  it("reads names, ports, users, keys and jumps", () => {
    const target = resolveTarget("hv1", config);
    expect(target).toMatchObject({
      address: "10.0.0.1",
      port: 2222,
      user: "noc",
      identityFiles: [`${homedir()}/.ssh/hv`],
    });
    expect(target.knownHostsFiles).toEqual([`${homedir()}/.ssh/known_lab`, "/etc/known"]);
    expect(target.jump.map(({ user, address, port }) => `${user}@${address}:${port}`)).toEqual([
      `${userInfo().username}@outer:22022`,
      `${userInfo().username}@gate.example:22`,
      "ops@inner:2022",
    ]);
    expect(target.jump[1]?.identityFiles).toEqual([`${homedir()}/.ssh/gate-gate.example`]);
  });

  it("lets what was typed go before the file", () => {
    expect(resolveTarget("root@hv1:22", config)).toMatchObject({ user: "root", port: 22, address: "10.0.0.1" });
    expect(resolveTarget("ssh://root@[fe80::1]:23", "")).toMatchObject({ user: "root", port: 23, address: "fe80::1" });
    expect(resolveTarget("fe80::1", "")).toMatchObject({ port: 22, address: "fe80::1" });
  });

  it("runs no command from the file, and says what it cannot follow", () => {
    expect(resolveTarget("other", config).user).toBe(userInfo().username);
    expect(() => resolveTarget("cmd", config)).toThrow(/ProxyCommand/);
    expect(() => resolveTarget("ring1", config)).toThrow(/ring/);
    expect(() => resolveTarget("a:99999", "")).toThrow(TargetError);
    expect(() => resolveTarget("-oProxyCommand=x", "")).toThrow(TargetError);
    expect(resolveTarget("a", "Include other\n").notes).toEqual(["include of a is not followed"]);
  });
});

describe("a jump host without a login of its own", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "taproot-hop-"));
    writeFileSync(join(folder, "gate"), "");
    vi.stubEnv("SSH_AUTH_SOCK", join(folder, "agent"));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });
  const jumps = "Host hv1\n  HostName 10.0.0.1\n  ProxyJump gate,inner\n";
  const apply = (login: HostSpec["login"], text = jumps) =>
    applyConfig(
      HostSpec.parse({
        id: "h",
        address: "hv1",
        user: "root",
        login,
        sudo: { kind: "password", password: "sudo-secret" },
      }),
      text,
    );

  it.each<HostSpec["login"]>([
    { kind: "password", password: "typed-secret" },
    { kind: "key", privateKey: "typed-secret", passphrase: "typed-secret" },
    { kind: "key-file", path: "/k", passphrase: "typed-secret" },
  ])("gets no secret that was typed for the host behind it: %j", async (login) => {
    const { jump, login: own } = await apply(login);
    expect(own).toEqual(login);
    expect(jump.map((hop) => hop.login)).toEqual([{ kind: "agent" }, { kind: "agent" }]);
    expect(JSON.stringify(jump)).not.toContain("secret");
  });

  it("gets the host's agent or open key file, and its own identity file before that", async () => {
    const login = { kind: "key-file", path: "/k" } as const;
    expect((await apply(login)).jump.map((hop) => hop.login)).toEqual([login, login]);
    const own = await apply(login, `${jumps}Host gate\n  IdentityFile ${join(folder, "gate")}\n`);
    expect(own.jump[0]?.login).toEqual({ kind: "key-file", path: join(folder, "gate") });
  });

  it("is refused by name where there is no key and no agent", async () => {
    vi.stubEnv("SSH_AUTH_SOCK", "");
    vi.stubEnv("HOME", folder);
    await expect(apply({ kind: "password", password: "typed-secret" })).rejects.toThrow(
      /jump host gate needs a login of its own/,
    );
  });
});
