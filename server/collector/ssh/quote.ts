/**
 * The one place where words become shell text. Every POSIX shell reads a single-quoted word literally, whatever stands in it; only the
 * single quote itself needs care. A NUL can stand in no argument of any program, so it is refused rather than dropped.
 */
export class QuoteError extends Error {
  override readonly name = "QuoteError";
}

/** One word, quoted. Throws QuoteError when it holds a NUL. */
export function quoteWord(word: string): string {
  if (word.includes("\0")) throw new QuoteError("an argument holds a NUL byte, which no command can take");
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** An argument vector as one line for the shell. Throws QuoteError for an empty vector or an empty or option-like program name. */
export function quoteArgv(argv: readonly string[]): string {
  const program = argv[0];
  if (program === undefined || program === "" || program.startsWith("-"))
    throw new QuoteError(`not a program: ${JSON.stringify(program ?? "")}`);
  return argv.map(quoteWord).join(" ");
}

/**
 * Takes apart what `quoteWord` wrote (and plain words without quotes): the far side of the simulated fleet reads requests with it.
 * Undefined when a quote is still open, so that the caller waits for more.
 */
export function splitQuoted(line: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < line.length; at++) {
    const char = line[at];
    if (char === "'") {
      const end = line.indexOf("'", at + 1);
      if (end < 0) return undefined;
      word = (word ?? "") + line.slice(at + 1, end);
      at = end;
    } else if (char === "\\") {
      const next = line[at + 1];
      if (next === undefined) return undefined;
      word = (word ?? "") + next;
      at++;
    } else if (char === " " || char === "\n") {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + char;
  }
  if (word !== undefined) words.push(word);
  return words;
}
