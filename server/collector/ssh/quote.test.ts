import { execFileSync, spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { QuoteError, quoteArgv, quoteWord, splitQuoted } from "./quote";

/** What a real shell makes of the line: the arguments that a program would get, byte for byte. */
function throughShell(shell: readonly string[], line: string): string[] {
  const [file = "", ...args] = shell;
  // printf gets each argument by itself; \0 between them cannot be in any.
  const done = spawnSync(file, [...args, "-c", `printf '%s\\0' ${line}`], {
    encoding: "utf8",
    // Without SHLVL bash takes itself for a remote shell and reads ~/.bashrc.
    env: { ...process.env, SHLVL: "1" },
  });
  expect(done.stderr).toBe("");
  return done.stdout.split("\0").slice(0, -1);
}

const hostile = [
  "$(id)",
  ";reboot",
  "`id`",
  "a\nb",
  "-rf",
  "--",
  "'",
  "''",
  "'\"'\"'",
  '"$HOME"',
  "\\",
  "\\'",
  "|cat",
  "&& id",
  "*",
  "~root",
  "{a,b}",
  "!!",
  "#",
  "<b>x",
  "__proto__",
  "\u001b[31m",
  "",
  " ",
  "\t",
  "\r\n",
  "ÿþ\u00ff",
  "$'\\x41'",
  "%s%n",
];

const shells = [["/bin/sh"], ["bash"], ["bash", "--posix"], ["busybox", "sh"]].filter(([file = ""]) => {
  return spawnSync(file, ["-c", ":"]).error === undefined;
});

describe("quoting", () => {
  it.each(shells.map((shell) => [shell.join(" "), shell] as const))(
    "comes through %s as it was: hostile words",
    (_, shell) => {
      expect(throughShell(shell, hostile.map(quoteWord).join(" "))).toEqual(hostile);
    },
  );

  it("comes through /bin/sh as it was: any words", () => {
    const word = fc
      .string({ unit: "binary", maxLength: 40 })
      .filter((text) => !text.includes("\0") && Buffer.from(text).toString() === text);
    const nasty = fc.array(fc.constantFrom("'", '"', "\\", "$", "(", ")", "`", "\n", ";", " ", "-", "a", "*"), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            word,
            nasty.map((parts) => parts.join("")),
          ),
          { minLength: 1, maxLength: 20 },
        ),
        (words) => {
          expect(throughShell(["/bin/sh"], words.map(quoteWord).join(" "))).toEqual(words);
          expect(splitQuoted(words.map(quoteWord).join(" "))).toEqual(words);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("runs the program that the vector names, with its arguments as they are", () => {
    const line = quoteArgv(["printf", "%s|", "$(id)", "a'b"]);
    expect(execFileSync("/bin/sh", ["-c", line], { encoding: "utf8" })).toBe("$(id)|a'b|");
  });

  it("refuses what no command can take", () => {
    expect(() => quoteWord("a\0b")).toThrow(QuoteError);
    expect(() => quoteArgv([])).toThrow(QuoteError);
    expect(() => quoteArgv(["", "x"])).toThrow(QuoteError);
    expect(() => quoteArgv(["-c", "x"])).toThrow(QuoteError);
  });

  it("waits for more while a quote is open", () => {
    expect(splitQuoted("p 0 'a\nb")).toBeUndefined();
    expect(splitQuoted("p 0 'a\nb'")).toEqual(["p", "0", "a\nb"]);
  });
});
