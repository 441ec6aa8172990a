import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Probe } from "./define";
import { probes } from "./registry";
import { rootCommand, rootPath, rootScript } from "./root-script";
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
    for (const user of ["", "NOC", "Noc", "#0", "a b", "x\nroot ALL=(ALL) ALL", "ALL", "%wheel", "a,b"])
      expect(() => sudoersFragment(user, all)).toThrow(/user name/);
  });

  it("has a rule for each command, and leaves no character that would widen it", () => {
    const fragment = sudoersFragment("noc", all);
    expect(fragment.match(/NOPASSWD: NOSETENV: /g)).toHaveLength(rootCommands(all).length);
    for (const line of fragment.split("\n").filter((one) => /^(noc ALL| {4}\/)/.test(one))) {
      const command = line.replace(/^noc ALL=\(root\) NOPASSWD: NOSETENV: /, "").replace(/, \\$/, "");
      expect(command.replace(/\\./g, "")).not.toMatch(/[*?[\]!,:=#\t]/);
    }
    // A user without any rule of his own gets no empty one.
    expect(sudoersFragment("noc", [])).not.toContain("NOPASSWD");
  });

  it("holds scripts that name their own PATH first and cannot be cut: not one blank", () => {
    for (const command of rootCommands(all).filter((one) => one.startsWith("sh "))) {
      const [, c, script, ...more] = shellWords(command);
      expect([c, more]).toEqual(["-c", []]);
      expect(script).toMatch(new RegExp(`^PATH=${rootPath};export\tPATH;`));
      expect(script).not.toContain(" ");
      expect(spawnSync("sh", ["-n", "-c", script ?? ""]).status).toBe(0);
    }
  });

  it("holds no command whose arguments sudo would take in another split", () => {
    const fragment = (sudo: string) => sudoersFragment("noc", [{ ...probes.nft, sudo: [sudo] }]);
    for (const split of [
      "nft -j list ruleset",
      "lldpcli -f json0",
      "nft 'list ruleset'",
      "sh -x -c id",
      "sh -c 'ip link'",
    ])
      expect(() => fragment(split), split).toThrow(/other arguments/);
    for (const whole of ["dmesg -r", "ss -Hlntup", "nft", rootCommand("nft -j list ruleset")]) fragment(whole);
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

describe("a script without blanks", () => {
  it.each([
    ['echo "a  b" c', "a  b c"],
    [`x="1 2"; case "$x " in *"2 ") echo "\${x%% *} ok" ;; esac`, "1 ok"],
    ['t=$(echo a; echo b); t="$(echo $t) "; echo "[$t]"', "[a b ]"],
    ['echo "$(case x in (x) echo "in  quotes" ;; esac)" | sed -n "s/in \\( *\\)q/out \\1q/p"', "out  quotes"],
    ['f() { while read -r a b; do echo "$b $a"; done; }; printf "1 2\\n" | f', "2 1"],
    ['n=$(( 1 + 2 )); [ "$n" = 3 ] && echo "= $(( n * 2 ))"', "= 6"],
  ])("does what %s does", (script, printed) => {
    const run = (argv: readonly string[]) => spawnSync("sh", ["-c", ...argv], { encoding: "utf8" }).stdout.trim();
    expect(run([script])).toBe(printed);
    const [, , without = ""] = shellWords(rootScript(script));
    expect(without).not.toContain(" ");
    expect(run([without])).toBe(printed);
  });

  it("is refused where it could not be rewritten", () => {
    for (const script of ["echo 'a'", "a\nb", "a\\ b", `echo \${x#a b}`, 'echo "a', "a\tb"])
      expect(() => rootScript(script), script).toThrow();
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
