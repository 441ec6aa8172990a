import type { Probe } from "./define";

/**
 * Splits a command as the shell would, for the forms that probes use: bare words, 'single quotes', "double quotes" without expansions. Throws on anything
 * that the shell would expand outside quotes, for then the sudoers line would not be what runs.
 */
export function shellWords(command: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let at = 0;
  while (at < command.length) {
    const char = command[at] ?? "";
    if (char === " ") {
      if (word !== undefined) words.push(word);
      word = undefined;
      at++;
      continue;
    }
    if (char === "'" || char === '"') {
      const end = command.indexOf(char, at + 1);
      const inside = command.slice(at + 1, end);
      if (end < 0 || (char === '"' && /[$`\\]/.test(inside))) throw new Error(`cannot split: ${command}`);
      word = (word ?? "") + inside;
      at = end + 1;
      continue;
    }
    if (/[$`\\*?[\]|&;<>(){}~#]/.test(char)) throw new Error(`"${char}" would be expanded by the shell: ${command}`);
    word = (word ?? "") + char;
    at++;
  }
  if (word !== undefined) words.push(word);
  return words;
}

/**
 * One argument as sudoers writes it. `,` `:` `=` `\` `#`, blanks and tabs are special to its grammar; `*` `?` `[` `]` `!` are patterns: all of them escaped, so that the line
 * allows this very text and no other. (Arguments that begin with `^` would be regular expressions since 1.9.10; none does.)
 */
function sudoersArgument(text: string): string {
  if (/[\n\r]/.test(text)) throw new Error("a sudoers argument holds no new line");
  // A backslash is read twice: by the grammar, and by the pattern that is left of it.
  return text.replace(/[\\,:=#* \t?[\]!]/g, (char) => (char === "\\" ? "\\\\\\\\" : `\\${char}`));
}

/** Where the tools live on the distributions that we know; sudo compares the file that is run, so a second name of the same file does no harm. */
const directories = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** The commands that probes run by as_root, once each, in the order of the probes. */
export function rootCommands(probes: readonly Probe[]): string[] {
  return [...new Set(probes.flatMap((probe) => probe.sudo ?? []))];
}

/**
 * A sudoers fragment that lets `user` run what the probes need root for, and nothing else: every line is one exact command. All of them only read. Guarded changes
 * need more: see docs/adding-a-host.md. sudo compares arguments joined by single blanks, so they hold none (root-script.ts).
 *
 * Nothing of the host's other settings may widen it: `secure_path` keeps the programs that the commands start from being anyone else's, `env_reset` without a
 * list of what is kept, `!setenv` and `NOSETENV` keep the caller's variables out. Throws on a name that could be more than a user's,
 * and on a command whose arguments could be split in another way.
 */
export function sudoersFragment(user: string, probes: readonly Probe[]): string {
  // Upper case alone would be an alias, `ALL` everyone.
  if (!/^[a-z_][a-z0-9_.-]{0,31}$/.test(user)) throw new Error(`not a user name: ${user}`);
  const lines = rootCommands(probes).map((command) => {
    const [tool, ...args] = shellWords(command);
    if (tool === undefined || !/^[a-z0-9-]+$/.test(tool)) throw new Error(`no plain tool name: ${command}`);
    // What could be cut elsewhere would be another command: root-script.ts.
    const joined = args.join(" ").replace(tool === "sh" ? /^-c / : /^/, "");
    if (joined.includes(" ")) throw new Error(`sudo would take other arguments for these: use rootCommand: ${command}`);
    if (args[0]?.startsWith("^")) throw new Error(`sudo would take this for a regular expression: ${command}`);
    const tail = args.length > 0 ? ` ${args.map(sudoersArgument).join(" ")}` : ' ""';
    return `${user} ALL=(root) NOPASSWD: NOSETENV: ${directories.map((directory) => `${directory}/${tool}${tail}`).join(", \\\n    ")}`;
  });
  return `${[
    "# Made by `taproot sudoers`: what Taproot reads as root. It only reads.",
    "# Put it into /etc/sudoers.d/taproot (mode 0440) and check it with: visudo -cf /etc/sudoers.d/taproot",
    "# The fixed path keeps the programs that the commands below start from being anyone else's.",
    `Defaults:${user} !requiretty, env_reset, !env_keep, !setenv, secure_path="${directories.join(":")}"`,
    ...lines,
  ].join("\n")}\n`;
}
