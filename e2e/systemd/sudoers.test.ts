import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Probe } from "@/lib/probes/define";
import { probes } from "@/lib/probes/registry";
import { rootCommands, shellWords } from "@/lib/probes/sudoers";
import { quoteArgv } from "@/server/collector/ssh/quote";
import { must } from "../netns/host";
import { bootMachine, type Machine, releasesOfThisRun } from "./machine";

const all: readonly Probe[] = Object.values(probes);
const commands = rootCommands(all).map(shellWords);
const scripts = commands.filter(([tool]) => tool === "sh");
const evil = "/home/noc/evil";
/** The rule of a program that the machine lacks, so that what stands for it can tell what it was given. */
const lldp = shellWords(probes.lldp.sudo?.[0] ?? "");

/** Every way to hand `text` over as arguments that sudo joins to this same text: each blank parts two of them, or stands within one. */
function splitsOf(text: string): string[][] {
  const [first = "", ...rest] = text.split(" ");
  if (rest.length > 12) throw new Error(`2^${rest.length} ways to split: ${text}`);
  return rest.reduce<string[][]>(
    (splits, word) =>
      splits.flatMap((split) => [
        [...split, word],
        [...split.slice(0, -1), `${split.at(-1)} ${word}`],
      ]),
    [[first]],
  );
}

/** What `taproot sudoers noc` prints, on a sudo whose own settings help nobody: no secure_path, everything kept, setenv allowed. */
describe.each(releasesOfThisRun())("the printed sudoers on %s", (release) => {
  let machine: Machine;
  const asUser = (user: string, argv: readonly string[], env: readonly string[] = [], timeoutMs?: number) =>
    machine.exec(
      [
        ...["sh", "-c", 'exec "$@" </dev/null', "sh", "runuser", "-u", user, "--"],
        // Nobody else may enter that folder.
        ...["env", "-C", user === "noc" ? evil : "/", ...env, ...argv],
      ],
      timeoutMs,
    );
  const sudo = (argv: readonly string[], env: readonly string[] = []) => asUser("noc", ["sudo", "-n", ...argv], env);
  /** Status of each sudo, asked in one go: to enter the machine anew for each takes longer than sudo does. */
  const statuses = async (user: string, asked: readonly (readonly string[])[], env: readonly string[] = []) => {
    const lines = asked.map((argv) => `${quoteArgv(["env", ...env, "sudo", "-n", ...argv])} >/dev/null 2>&1; echo $?`);
    await machine.write("/tmp/asked", lines.join("\n"));
    const { stdout } = await asUser(user, ["sh", "/tmp/asked"], [], 100_000);
    const answers = stdout.trim().split("\n").map(Number);
    expect(answers).toHaveLength(asked.length);
    return answers;
  };
  const mayAll = async (asked: readonly (readonly string[])[]) => {
    const answers = await statuses(
      "noc",
      asked.map((argv) => ["-l", "--", ...argv]),
    );
    expect(asked.filter((_, at) => answers[at] !== 0)).toEqual([]);
  };
  /** Arguments of sudo that must be refused, each. */
  const refusesAll = async (asked: readonly (readonly string[])[], user = "noc") => {
    const answers = await statuses(user, asked);
    expect(asked.filter((_, at) => answers[at] === 0)).toEqual([]);
  };
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
    // In the place of each program that the machine lacks, one that tells what reached it; by bash, which would obey BASH_ENV. A command whose program is
    // missing would be refused for that, and no refusal of its attacks would prove anything.
    for (const tool of [...new Set(commands.map(([first = ""]) => first)), "lldpcli"])
      if ((await machine.exec(["sh", "-c", `command -v ${tool}`])).status !== 0)
        await machine.write(
          `/usr/sbin/${tool}`,
          `#!/bin/bash\nenv >>/root/environment\n{ printf ${tool}; printf " <%s>" "$@"; echo; } >>/root/ran\n`,
          0o755,
        );
    await machine.must(["chown", "-R", "noc:noc", "/home/noc"]);
    await machine.must(["mkdir", "-p", "/etc/taproot"]);
    await machine.must(["touch", "/etc/taproot/ask-dhcp", "/etc/taproot/listen-arp"]);
  });
  afterAll(() => machine?.dispose());

  it("allows each command of the probes, to this user and to no other", async () => {
    await mayAll(commands);
    await refusesAll(
      commands.map((argv) => ["-l", "--", ...argv]),
      "other",
    );
    // One of each kind runs in truth: as root, with what it was given.
    expect((await sudo(["--", "firewall-cmd", "--list-all-zones"])).status).toBe(0);
    expect((await sudo(["--", ...lldp])).status).toBe(0);
    expect(await machine.must(["cat", "/root/ran"])).toBe(
      "firewall-cmd <--list-all-zones>\nlldpcli <-f> <json0> <show> <neighbors> <details>\n",
    );
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
    const asked = commands.flatMap(([tool = "", ...args]) =>
      [tool, `/usr/bin/${tool}`].flatMap((file) => [
        ["--", file, ...args],
        ["-E", "--", file, ...args],
      ]),
    );
    await statuses("noc", asked, hostile);
    expect(await owned()).toBe("");
    // What a program of the host's own is given: by a script, and by itself.
    for (const argv of [lldp, ["firewall-cmd", "--list-all-zones"]]) {
      await machine.must(["rm", "-f", "/root/environment"]);
      expect((await sudo(["--", ...argv], hostile)).status).toBe(0);
      const seen = await machine.must(["cat", "/root/environment"]);
      expect(seen).toMatch(/^PATH=\/usr\/sbin:\/usr\/bin:\/sbin:\/bin(:|$)/m);
      expect(seen).not.toMatch(/^(?!PWD=).*evil|^(ENV|BASH_ENV|LD_PRELOAD|PERL5OPT|IFS|CDPATH|GREP_OPTIONS)=/m);
    }
    // Variables named on sudo's own command line.
    expect((await sudo([`LD_PRELOAD=${evil}/rc.so`, "firewall-cmd", "--list-all-zones"])).status).not.toBe(0);
  });

  it("runs nobody else's program from within the scripts even where secure_path is taken out", async () => {
    await machine.must(["sed", "-i", "s/, secure_path=[^ ]*$//", "/etc/sudoers.d/taproot"]);
    const asked = scripts.map((argv) => ["--", "/usr/bin/sh", ...argv.slice(1)]);
    await machine.must(["rm", "-f", "/root/ran"]);
    await statuses("noc", asked, [`PATH=${evil}:/usr/bin:/bin`]);
    // They ran: this one's program tells of it.
    expect(await machine.must(["cat", "/root/ran"])).toContain("lldpcli <-f> <json0> <show> <neighbors> <details>\n");
    expect(await owned()).toBe("");
    await machine.write(
      "/etc/sudoers.d/taproot",
      await must(["node", "bin/taproot.js", "sudoers", "noc"], 120_000),
      0o440,
    );
  });

  it("takes no script that is cut: at a tab, as sudo would join the parts by a blank", async () => {
    expect(scripts.length).toBeGreaterThan(10);
    await mayAll(scripts);
    await refusesAll(
      scripts.flatMap(([, , script = ""]) => {
        const words = script.split("\t");
        return [1, 2, 3, Math.floor(words.length / 2), words.length - 1].map((at) => [
          ...["-l", "--", "sh", "-c", words.slice(0, at).join("\t")],
          ...words.slice(at),
        ]);
      }),
    );
  });

  it("is asked of a sudo that does take the words of a rule in another split", async () => {
    const rule = "noc ALL=(root) NOPASSWD: /usr/sbin/lldpcli -f json0 show\n";
    await machine.write("/etc/sudoers.d/split", rule, 0o440);
    for (const args of splitsOf("-f json0 show")) {
      await machine.must(["rm", "-f", "/root/ran"]);
      expect((await sudo(["--", "lldpcli", ...args])).status, args.join("|")).toBe(0);
      expect(await machine.must(["cat", "/root/ran"])).toBe(`lldpcli ${args.map((arg) => `<${arg}>`).join(" ")}\n`);
    }
    await machine.must(["rm", "/etc/sudoers.d/split"]);
  });

  it("leaves nothing to split: of all ways to hand over the same text, only `-c SCRIPT` as one option, which no shell takes", async () => {
    await machine.must(["rm", "-f", "/root/ran"]);
    const others = commands.flatMap(([tool = "", ...args]) =>
      splitsOf(args.join(" "))
        .filter((split) => split.length !== args.length)
        .map((split) => [tool, ...split]),
    );
    expect(others).toEqual(scripts.map(([, c, script]) => ["sh", `${c} ${script}`]));
    await mayAll(others);
    for (const [tool = "", ...args] of others)
      for (const ran of [await sudo(["--", tool, ...args]), await machine.exec(["bash", ...args])])
        expect(ran).toMatchObject({
          status: 2,
          stdout: "",
          stderr: expect.stringMatching(/(illegal|invalid) option/i),
        });
    expect((await machine.exec(["test", "-e", "/root/ran"])).status).toBe(1);
  });

  it("takes neither one argument more or less, nor another script, file, option or user", async () => {
    await mayAll(commands);
    await refusesAll(
      commands.flatMap(([tool = "", ...args]) => [
        ...[
          [...args, "x"],
          [...args, ""],
          ["", ...args],
          args.slice(0, -1),
          ["-c", "id"],
          [...args.slice(0, -1), `${args.at(-1) ?? ""};id`],
        ].map((other) => ["-l", "--", tool, ...other]),
        ["-l", "-u", "other", "--", tool, ...args],
        ["-l", "--", `${evil}/${tool}`, ...args],
      ]),
    );
    await refusesAll([
      ["id"],
      ["sh"],
      ["cat", "/etc/shadow"],
      ["kill", "-KILL", "1"],
      ["-e", "/etc/shadow"],
      ["-s"],
      ["-i"],
      ["dmesg", "-C"],
      ["grep", "-rsa", ".", "/etc/shadow"],
    ]);
  });
});
