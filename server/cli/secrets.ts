import { readFileSync } from "node:fs";
import { UsageError } from "./targets";

/** First line of a file that holds a password. Throws UsageError. */
export function passwordFrom(file: string): string {
  try {
    const line = readFileSync(file, "utf8").split(/\r?\n/)[0] ?? "";
    if (line === "") throw new UsageError(`${file}: the first line is empty, a password was expected`);
    return line;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Asks on the terminal, without showing what is typed. Throws UsageError where there is no terminal to ask on. */
export async function ask(question: string): Promise<string> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY) throw new UsageError(`${question}: no terminal to ask on; use the option that names a file`);
  stderr.write(`${question}: `);
  stdin.setRawMode(true);
  stdin.resume();
  try {
    return await new Promise<string>((resolve, reject) => {
      let typed = "";
      const onData = (chunk: Buffer) => {
        for (const char of chunk.toString("utf8")) {
          if (char === "\r" || char === "\n" || char === "\x04") {
            stdin.off("data", onData);
            resolve(typed);
            return;
          }
          if (char === "\x03") {
            stdin.off("data", onData);
            reject(new Interrupted());
            return;
          }
          if (char === "\x7f" || char === "\b") typed = typed.slice(0, -1);
          else if (char >= " ") typed += char;
        }
      };
      stdin.on("data", onData);
    });
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    stderr.write("\n");
  }
}

/** A person pressed Ctrl-C. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}
