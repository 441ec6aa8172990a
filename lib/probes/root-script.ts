/**
 * Shell scripts that a narrow sudo can allow. sudo compares what it is asked to run with its rule by the arguments *joined by single blanks*, on every
 * release, in patterns and regular expressions alike. So `sudo sh -c a b` passes for a rule of `sh -c "a b"`, and runs only `a`: a script could be cut short
 * at any of its blanks. A script without a blank cannot be cut. The other way round, `sudo a "b c"` passes for a rule of `a b c`, and what the program makes
 * of such an argument is its own affair. So the arguments of every command hold one blank at most: that behind `-c`, and no shell takes `-c BLANK SCRIPT` as one option.
 */

/**
 * Where the programs of such a script are looked for, whatever sudo or the login say: folders that only root writes to. The last is that of NixOS.
 * A program in /usr/local is taken only where the system has none of its name.
 */
export const rootPath = "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin:/run/current-system/sw/bin";

/** Holds a blank, in the scripts. */
const blank = `\${B}`;

/**
 * `sh -c '...'` that runs `script` (POSIX sh, one line, no single quote) with a PATH of its own and without a blank in it: between words a tab stands for it, in
 * double quotes a variable. Throws on what it cannot rewrite: a single quote, a line break, a blank behind a backslash, or one in `${}` outside quotes.
 */
export function rootScript(script: string): string {
  if (/['\n\t]/.test(script)) throw new Error(`a script for sudo holds no single quote, line break or tab: ${script}`);
  return `sh -c 'PATH=${rootPath};export\tPATH;B=$(printf\t"\\040");${withoutBlanks(script)}'`;
}

/**
 * `command` (plain words, several arguments) as a script without a blank, which sudo can neither cut nor take in fewer arguments. As words it could be:
 * `lldpcli -f "json0 show neighbors details"` opens lldpcli's own shell, as root; `grep -rsa ". /proc/net/bonding"` reads every file below the caller's folder.
 * A command of one argument needs none of this. Throws as rootScript does.
 */
export const rootCommand = (command: string): string => rootScript(`exec ${command}`);

/** Where a character stands: among words, in double quotes, in `$( )` within those, in `${ }` within either. */
type Place = "words" | "quotes" | "command" | "brace";

function withoutBlanks(script: string): string {
  /** Innermost last. A `command` counts its parentheses. */
  const places: { readonly place: Place; depth: number }[] = [{ place: "words", depth: 0 }];
  const enter = (place: Place) => places.push({ place, depth: 0 });
  let text = "";
  for (let at = 0; at < script.length; at++) {
    const char = script[at] ?? "";
    const next = script[at + 1] ?? "";
    const here = places.at(-1);
    if (!here) throw new Error(`unbalanced: ${script}`);
    const quoted = places.some(({ place }) => place === "quotes");
    if (char === "\\") {
      if (next === " ") throw new Error(`a blank behind a backslash: ${script}`);
      text += char + next;
      at++;
      continue;
    }
    if (char === " ") {
      if (here.place === "brace" && !quoted) throw new Error(`a blank in braces: ${script}`);
      text += here.place === "words" || here.place === "command" ? "\t" : blank;
      continue;
    }
    if (char === '"' && here.place === "quotes") places.pop();
    else if (char === '"') enter("quotes");
    else if (char === "$" && next === "{") enter("brace");
    else if (char === "}" && here.place === "brace") places.pop();
    // Its parenthesis is counted when it comes.
    else if (char === "$" && next === "(" && here.place === "quotes") enter("command");
    else if (here.place === "command" && char === "(") here.depth++;
    else if (here.place === "command" && char === ")" && --here.depth === 0) places.pop();
    text += char;
  }
  if (places.length !== 1) throw new Error(`unbalanced: ${script}`);
  return text;
}
