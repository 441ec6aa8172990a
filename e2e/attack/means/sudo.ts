import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execute } from "@/e2e/product";
import { probes } from "@/lib/probes/registry";
import { rootCommands, shellWords } from "@/lib/probes/sudoers";
import type { Attempt } from "../define";

/** An ordinary user that every Debian has. */
const user = "nobody";

/**
 * Installs what `taproot sudoers` prints, in mount and network namespaces of its own, on the machine's real sudo without its global secure_path, and runs each of its
 * commands as the user that it is for, with programs of the attacker's first on the PATH. Each of those leaves a file when it runs as root.
 */
export async function sudoByPath(): Promise<Attempt> {
  const printed = await execute(process.execPath, ["bin/taproot.js", "sudoers", user]);
  if (printed.status !== 0) throw new Error(`taproot sudoers: ${printed.stderr}`);
  const folder = mkdtempSync(join(tmpdir(), "taproot-attack-sudo-"));
  try {
    chmodSync(folder, 0o755);
    const [evil, proof] = [join(folder, "evil"), join(folder, "proof")];
    mkdirSync(evil);
    mkdirSync(proof);
    chmodSync(proof, 0o777);
    writeFileSync(join(folder, "sudoers"), `root ALL=(ALL:ALL) ALL\n${printed.stdout}`, { mode: 0o440 });
    const commands = rootCommands(Object.values(probes));
    const programs = new Set(commands.flatMap((command) => command.match(/[a-z][\w-]+/g) ?? []));
    for (const name of programs) {
      const script = `#!/bin/sh\n/usr/bin/id -u > ${proof}/${name}-$$ 2>/dev/null\n`;
      writeFileSync(join(evil, name), script, { mode: 0o755 });
    }
    const tries = commands.map((command) => `"$S" -n ${shellWords(command).map(quoted).join(" ")}`);
    writeFileSync(join(folder, "try.sh"), `S=$1\n${tries.map((one) => `timeout 5 ${one}`).join("\n")}\n`, {
      mode: 0o755,
    });
    const inside = `mount --bind ${folder}/sudoers /etc/sudoers && visudo -cf /etc/sudoers >&2 && cd / &&
exec setpriv --reuid ${user} --regid nogroup --clear-groups env -i PATH=${evil}:/usr/bin:/bin:/usr/sbin:/sbin HOME=/tmp ENV=${evil}/sh BASH_ENV=${evil}/sh LD_PRELOAD=/x.so \
/bin/sh ${folder}/try.sh /usr/bin/sudo`;
    const ran = spawnSync("unshare", ["-m", "-n", "sh", "-c", inside], { encoding: "utf8", timeout: 60_000 });
    const taken = spawnSync("sh", ["-c", `cat ${proof}/* 2>/dev/null | grep -c '^0$'`], {
      encoding: "utf8",
    }).stdout.trim();
    if (Number(taken) > 0) return { harm: `${taken} programs of the attacker ran as root`, refused: null };
    if (!/parsed OK/.test(ran.stderr)) throw new Error(`the fragment was not installed: ${ran.stderr.slice(0, 400)}`);
    // Whether sudo let the commands themselves through: an attack on rules that refuse everything would prove nothing.
    const refusals = ran.stderr.match(/password is required|not allowed/g)?.length ?? 0;
    if (refusals >= commands.length)
      throw new Error(`sudo refused all of its own commands: ${ran.stderr.slice(0, 400)}`);
    return { harm: null, refused: `secure_path: none of ${commands.length} commands ran a program of the attacker` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;
