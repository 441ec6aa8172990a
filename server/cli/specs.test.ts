import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { resolveTarget } from "../collector/ssh/target";
import { parseInventory } from "./inventory";
import { type LoginOptions, specsOf } from "./specs";
import { showTarget, type Target, UsageError } from "./targets";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "taproot-specs-"));
  vi.stubEnv("HOME", folder);
  vi.stubEnv("SSH_AUTH_SOCK", "/agent");
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const specs = async (line: string, options: LoginOptions, config = "") => {
  const resolve = (target: Target) => resolveTarget(showTarget(target), config);
  return (await specsOf(parseInventory(line, "f"), options, resolve))[0]?.specs ?? [];
};

describe("a jump host without a login of its own", () => {
  it.each<LoginOptions>([
    { password: "typed-secret" },
    { identity: "/k", passphrase: "typed-secret" },
    { password: "typed-secret", sudoPassword: "typed-secret" },
  ])("gets nothing that was typed for the host behind it: %j", async (options) => {
    for (const [line, config] of [
      ["root@kvm1 jump=gate,inner", ""],
      ["root@kvm1", "Host kvm1\n  ProxyJump gate,inner\n"],
    ] as const) {
      const [spec] = await specs(line, options, config);
      expect(JSON.stringify(spec?.login)).toContain("typed-secret");
      expect(spec?.jump.map((hop) => hop.login)).toEqual([{ kind: "agent" }, { kind: "agent" }]);
    }
  });

  it("gets the key file that the host is entered by, and its own before that", async () => {
    const own = join(folder, "own");
    writeFileSync(own, "");
    const [spec] = await specs("root@kvm1 jump=gate,inner", { identity: "/k" }, `Host inner\n  IdentityFile ${own}\n`);
    expect(spec?.jump.map((hop) => hop.login)).toEqual([
      { kind: "key-file", path: "/k" },
      { kind: "key-file", path: own },
    ]);
  });

  it("is refused by name where there is no key and no agent", async () => {
    vi.stubEnv("SSH_AUTH_SOCK", "");
    const refused = specs("root@kvm1 jump=gate", { password: "typed-secret" });
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(/jump host gate needs a login/);
  });
});
