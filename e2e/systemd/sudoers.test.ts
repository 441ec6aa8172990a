import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Probe } from "@/lib/probes/define";
import { probes } from "@/lib/probes/registry";
import { rootCommands, shellWords } from "@/lib/probes/sudoers";
import { must } from "../netns/host";
import { bootMachine, type Machine, releasesOfThisRun } from "./machine";

const all: readonly Probe[] = Object.values(probes);
const commands = rootCommands(all).map(shellWords);
const scripts = commands.filter(([tool]) => tool === "sh");
const evil = "/home/noc/evil";

/** What `taproot sudoers noc` prints, on a sudo whose own settings help nobody: no secure_path, everything kept, setenv allowed. */
describe.each(releasesOfThisRun())("the printed sudoers on %s", (release) => {
  let machine: Machine;
  const asUser = (user: string, argv: readonly string[], env: readonly string[] = []) =>
    machine.exec([
      "sh",
      "-c",
      'exec "$@" </dev/null',
      "sh",
      "runuser",
      "-u",
      user,
      "--",
      "env",
      "-C",
      evil,
      ...env,
      ...argv,
    ]);
  const sudo = (argv: readonly string[], env: readonly string[] = []) => asUser("noc", ["sudo", "-n", ...argv], env);
  const owned = async () => (await machine.exec(["cat", "/root/owned", "/tmp/owned"])).stdout;

  beforeAll(async () => {
    machine = await bootMachine(release);
    const printed = await must(["node", "bin/taproot.js", "sudoers", "noc"], 120_000);
    await machine.write(
      "/etc/sudoers",
      "Defaults !env_reset\nDefaults setenv\nroot ALL=(ALL:ALL) ALL\n@includedir /etc/sudoers.d\n",
      0o440,
    );
    await machine.write("/etc/sudoers.d/taproot", printed, 0o440);
    await machine.must(["visudo", "-c"]);
    // Stands for every program that the scripts or their shells start: whoever runs it as root has won.
    const names = [
      "ip",
      "sh",
      "lsns",
      "head",
      "nsenter",
      "readlink",
      "grep",
      "sed",
      "awk",
      "tail",
      "sleep",
      "perl",
      "printf",
      "echo",
      "ls",
      "ovs-vsctl",
      "ovs-appctl",
      "tcpdump",
      "timeout",
      "ethtool",
      "arping",
      "virsh",
      "dmesg",
      "ss",
    ];
    for (const name of names)
      await machine.write(
        `${evil}/${name}`,
        `#!/bin/sh\n[ "$(/usr/bin/id -u)" != 0 ] || /bin/echo ${name} >>/root/owned\n`,
        0o755,
      );
    await machine.write(`${evil}/rc`, '[ "$(/usr/bin/id -u)" != 0 ] || /bin/echo rc >>/root/owned\n');
    // A program of the host's own that tells what reached it; by bash, which would obey BASH_ENV.
    await machine.write(
      "/usr/sbin/lldpcli",
      '#!/bin/bash\nenv >/tmp/environment\nprintf "%s\\n" "$@" >>/tmp/environment\n',
      0o755,
    );
    await machine.must(["chown", "-R", "noc:noc", "/home/noc"]);
    await machine.must(["mkdir", "-p", "/etc/taproot"]);
    await machine.must(["touch", "/etc/taproot/ask-dhcp", "/etc/taproot/listen-arp"]);
  });
  afterAll(() => machine?.dispose());

  it("allows each command of the probes, to this user and to no other", async () => {
    for (const argv of commands) {
      // A tool that is not installed is not found, which is not a refusal; those that are must pass.
      if ((await machine.exec(["sh", "-c", `command -v ${argv[0]}`])).status !== 0) continue;
      expect((await sudo(["-l", "--", ...argv])).status, argv.join(" ")).toBe(0);
      expect((await asUser("other", ["sudo", "-n", "-l", "--", ...argv])).status, argv.join(" ")).not.toBe(0);
    }
    expect((await sudo(["--", "lldpcli", "-f", "json0", "show", "neighbors", "details"])).status).toBe(0);
  });

  it("runs nobody else's program, whatever PATH, ENV, BASH_ENV, LD_PRELOAD and PERL5OPT say", async () => {
    const hostile = [
      `PATH=${evil}:/usr/bin:/bin:/usr/sbin`,
      `ENV=${evil}/rc`,
      `BASH_ENV=${evil}/rc`,
      `LD_PRELOAD=${evil}/rc.so`,
      "PERL5OPT=-Mrc",
      `PERL5LIB=${evil}`,
      `CDPATH=${evil}`,
      "IFS=/",
      `GREP_OPTIONS=--file=${evil}/rc`,
    ];
    for (const argv of commands)
      for (const [tool, dir] of [
        [argv[0] ?? "", ""],
        [argv[0] ?? "", "/usr/bin/"],
      ])
        for (const switches of [[], ["-E"]])
          await sudo([...switches, "--", `${dir}${tool}`, ...argv.slice(1)], hostile);
    expect(await owned()).toBe("");
    await sudo(["--", "/usr/sbin/lldpcli", "-f", "json0", "show", "neighbors", "details"], hostile);
    const seen = await machine.must(["cat", "/tmp/environment"]);
    expect(seen).toContain("PATH=/usr/sbin:/usr/bin:/sbin:/bin\n");
    expect(seen).not.toMatch(/^(?!PWD=).*evil|^(ENV|BASH_ENV|LD_PRELOAD|PERL5OPT|IFS|CDPATH|GREP_OPTIONS)=/m);
    // Variables named on sudo's own command line.
    expect(
      (await sudo([`LD_PRELOAD=${evil}/rc.so`, "lldpcli", "-f", "json0", "show", "neighbors", "details"])).status,
    ).not.toBe(0);
  });

  it("runs nobody else's program from within the scripts even where secure_path is taken out", async () => {
    await machine.must(["sed", "-i", "s/, secure_path=[^ ]*$//", "/etc/sudoers.d/taproot"]);
    for (const argv of scripts) await sudo(["--", "/usr/bin/sh", ...argv.slice(1)], [`PATH=${evil}:/usr/bin:/bin`]);
    expect(await owned()).toBe("");
    await machine.write(
      "/etc/sudoers.d/taproot",
      await must(["node", "bin/taproot.js", "sudoers", "noc"], 120_000),
      0o440,
    );
  });

  it("takes no script that is cut: at a tab, as sudo would join the parts by a blank", async () => {
    for (const [, , script = ""] of scripts) {
      const words = script.split("\t");
      for (const at of [1, 2, 3, Math.floor(words.length / 2), words.length - 1]) {
        const cut = [words.slice(0, at).join("\t"), ...words.slice(at)];
        expect((await sudo(["-l", "--", "sh", "-c", ...cut])).status, cut[0]).not.toBe(0);
      }
      // The one blank that sudo cannot tell is that behind -c, and no shell takes such an option.
      expect((await sudo(["--", "sh", `-c ${script}`])).status).not.toBe(0);
    }
    expect(await owned()).toBe("");
  });

  it("takes neither one argument more or less, nor another script, file, option or user", async () => {
    for (const [tool = "", ...args] of commands) {
      for (const other of [
        [...args, "x"],
        [...args, ""],
        args.slice(0, -1),
        ["-c", "id"],
        [...args.slice(0, -1), `${args.at(-1) ?? ""};id`],
      ])
        if (other.join(" ") !== args.join(" "))
          expect((await sudo(["-l", "--", tool, ...other])).status, `${tool} ${other.join(" ")}`).not.toBe(0);
      expect((await sudo(["-l", "-u", "other", "--", tool, ...args])).status).not.toBe(0);
      expect((await sudo(["-l", "--", `${evil}/${tool}`, ...args])).status).not.toBe(0);
    }
    for (const argv of [
      ["id"],
      ["sh"],
      ["cat", "/etc/shadow"],
      ["kill", "-KILL", "1"],
      ["-e", "/etc/shadow"],
      ["-s"],
      ["-i"],
      ["dmesg", "-C"],
      ["grep", "-rsa", ".", "/etc/shadow"],
    ])
      expect((await sudo(argv)).status, argv.join(" ")).not.toBe(0);
  });
});
