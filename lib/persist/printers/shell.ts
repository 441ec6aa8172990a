import { commandsOf } from "../../changes/change";
import type { Wording } from "../../wording";
import type { PersistStep } from "../define";

/** One step to be printed, with its word for the person. */
export interface Printed {
  readonly says: Wording;
  readonly step: PersistStep;
}

/** Words of a host in a comment: no line end and nothing that a terminal acts upon gets through. */
const comment = (text: string): string => `# ${text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, " ")}`;

/** Words as every POSIX shell takes them, dash among them: quoted where they are not plain. */
const commandLine = (words: readonly string[]): string =>
  words.map((word) => (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(" ");

const put = (path: string, text: string | null): string =>
  text === null ? commandLine(["rm", "-f", path]) : `${commandLine(["printf", "%s", text])} >${commandLine([path])}`;

const linesOf = ({ step }: Printed): { readonly do: string; readonly undo: string } => {
  if ("file" in step) return { do: put(step.file.path, step.file.text), undo: put(step.file.path, step.file.was) };
  const commands = commandsOf(step.change);
  return { do: commandLine(commands.do), undo: commandLine(commands.undo) };
};

/**
 * A plan as a shell script, to be read before it is pressed, or run by hand: `sh plan.sh` makes the changes and stops at the first that fails, `sh plan.sh
 * undo` takes all of them back, last first, each whatever became of the one before. No guard stands behind it, and it says so.
 */
export function shellScript(title: string, steps: readonly Printed[]): string {
  const lines = steps.map((one) => ({ says: one.says.en, ...linesOf(one) }));
  return [
    "#!/bin/sh",
    comment(title),
    comment("As Taproot would do it, but without its guard: nothing takes this back by itself. As root."),
    'if [ "$1" = undo ]; then',
    ...[...lines].reverse().flatMap(({ says, undo }) => [comment(`Undo: ${says}`), undo]),
    "exit",
    "fi",
    "set -e",
    ...lines.flatMap((line) => [comment(line.says), line.do]),
    "",
  ].join("\n");
}
