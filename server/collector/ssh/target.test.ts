import { homedir, userInfo } from "node:os";
import { describe, expect, it } from "vitest";
import { resolveTarget, TargetError } from "./target";

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
