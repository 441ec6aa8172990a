import { splitQuoted } from "@/server/collector/ssh/quote";

/** A root shell by password, as server/collector/ssh/dialects/posix.ts asks sudo for it. */
export interface SudoRequest {
  readonly prompt: string;
  /** What the collector waits for before it takes the shell for a root shell. */
  readonly mark: string;
}

/** Reads the command that asks for it; undefined where it is another one. */
export function sudoRequest(command: string): SudoRequest | undefined {
  const words = splitQuoted(command) ?? [];
  const [exec, sudo, k, s, p, prompt = "", dashes, shell, c, script = ""] = words;
  if ([exec, sudo, k, s, p, dashes, shell, c].join(" ") !== "exec sudo -k -S -p -- /bin/sh -c") return undefined;
  const mark = /^printf '%s\\n' (\S+); exec \/bin\/sh$/.exec(script)?.[1];
  return mark === undefined ? undefined : { prompt, mark };
}

/** Asks until the password is right, as sudo does, at most three times. The returned function takes what is typed and gives back what is meant for the shell. */
export function askSudo(
  request: SudoRequest,
  password: string,
  output: { out(text: string): void; err(text: string): void; exit(status: number): void },
): (chunk: Buffer) => Buffer {
  let typed = "";
  let tries = 0;
  let open = false;
  output.err(request.prompt);
  return (chunk) => {
    if (open) return chunk;
    typed += chunk.toString("latin1");
    const end = typed.indexOf("\n");
    if (end < 0) return Buffer.alloc(0);
    const line = typed.slice(0, end);
    const rest = typed.slice(end + 1);
    typed = "";
    if (Buffer.from(line, "latin1").toString("utf8") === password) {
      open = true;
      output.out(`${request.mark}\n`);
      return Buffer.from(rest, "latin1");
    }
    tries += 1;
    output.err(tries < 3 ? `Sorry, try again.\n${request.prompt}` : "sudo: 3 incorrect password attempts\n");
    if (tries >= 3) output.exit(1);
    return Buffer.alloc(0);
  };
}
