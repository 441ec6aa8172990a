import type { Probe } from "@/lib/probes/define";

const folders = ["/usr/bin", "/usr/sbin", "/bin", "/sbin"];

/** Characters that mean something in the arguments of a sudoers rule, sudoers(5): they stand for themselves behind a backslash. A quote is none of them. */
const escapeArguments = (text: string) => text.replace(/[\\,:=*?[\]!#]/g, "\\$&");

/** The words of a command as the shell would split them; single and double quotes as the probes use them. */
export function splitCommand(command: string): string[] {
  const words: string[] = [];
  for (const match of command.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g))
    words.push(
      match[0].replace(/'([^']*)'|"([^"]*)"/g, (_whole, single?: string, double?: string) => single ?? double ?? ""),
    );
  return words;
}

/**
 * The least that a user without root needs so that nothing is unknown: exactly the commands of the probes, with exactly their arguments. sudo compares
 * the arguments, joined by single spaces, with the rule.
 */
export function sudoersFragment(user: string, probes: readonly Probe[]): string {
  const lines = [
    "# Made by `taproot sudoers`: what the probes read as root. They only read.",
    "# Put it into /etc/sudoers.d/taproot (mode 0440) and check it with: visudo -cf /etc/sudoers.d/taproot",
    `Defaults:${user} !requiretty`,
  ];
  const aliases: string[] = [];
  for (const probe of probes) {
    for (const [at, command] of (probe.sudo ?? []).entries()) {
      const [program = "", ...words] = splitCommand(command);
      const paths = program.startsWith("/") ? [program] : folders.map((folder) => `${folder}/${program}`);
      const rule = words.length === 0 ? '""' : escapeArguments(words.join(" "));
      const alias = `TAPROOT_${probe.id.toUpperCase().replaceAll("-", "_")}${at === 0 ? "" : `_${at + 1}`}`;
      aliases.push(alias);
      lines.push(`Cmnd_Alias ${alias} = \\\n  ${paths.map((path) => `${path} ${rule}`).join(", \\\n  ")}`);
    }
  }
  if (aliases.length > 0) lines.push(`${user} ALL=(root) NOPASSWD: ${aliases.join(", ")}`);
  return `${lines.join("\n")}\n`;
}
