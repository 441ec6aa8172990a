import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Probe } from "./define";
import { probes } from "./registry";
import { rootCommands, shellWords, sudoersFragment } from "./sudoers";

const all: readonly Probe[] = Object.values(probes);

describe("sudoers fragment", () => {
  it("splits commands as the shell does", () => {
    for (const command of rootCommands(all)) {
      const printed = spawnSync("sh", ["-c", `printf '%s\\n' ${command}`], { encoding: "utf8" });
      expect(shellWords(command)).toEqual(printed.stdout.split("\n").slice(0, -1));
    }
    expect(() => shellWords("cat /proc/*")).toThrow();
    expect(() => shellWords("echo $(id)")).toThrow();
  });

  it("takes no user name that could add a line", () => {
    for (const user of ["", "a b", "x\nroot ALL=(ALL) ALL", "ALL", "%wheel", "a,b"])
      expect(() => sudoersFragment(user, all)).toThrow(/user name/);
  });

  it("is taken by visudo", () => {
    const dir = mkdtempSync(join(tmpdir(), "taproot-sudoers-"));
    try {
      const file = join(dir, "taproot");
      writeFileSync(file, sudoersFragment("taproot", all), { mode: 0o440 });
      const checked = spawnSync("visudo", ["-c", "-f", file], { encoding: "utf8" });
      if (checked.error) return; // No sudo on this machine: the namespace tests have one.
      expect(checked.stdout + checked.stderr).toContain("parsed OK");
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});

describe.each(all.map((probe) => [probe.id, probe] as const))("root commands of %s", (_id, probe) => {
  it("are all declared, and all used", () => {
    // virsh is the exception: its arguments cannot be bounded in sudoers, see libvirt.ts.
    const uses = [...probe.script.matchAll(/\b(?:as_root|try_root) +(\S.*)/g)].map((match) => match[1] ?? "");
    for (const use of uses)
      expect(
        use.startsWith("virsh ") || (probe.sudo ?? []).some((command) => use.startsWith(command)),
        `${use} is not declared`,
      ).toBe(true);
    for (const command of probe.sudo ?? [])
      expect(
        uses.some((use) => use.startsWith(command)),
        command,
      ).toBe(true);
    if (probe.privilege === "none") expect(uses).toEqual([]);
  });
});
