import { spawn, spawnSync } from "node:child_process";
import { Bulkhead } from "../bulkhead";
import { newNonce, type Shell } from "./shell";

/** Every /bin/sh that a hypervisor may have: dash (Debian), bash (Red Hat), busybox (Alpine). Without ssh in between. */
export const shells: readonly (readonly string[])[] = [["dash"], ["bash", "--posix"], ["busybox", "sh"]].filter(
  ([file = ""]) => spawnSync(file, ["-c", ":"]).error === undefined,
);

export const guard = new Bulkhead(({ where, error }) => {
  throw new Error(where, { cause: error });
});

/** Shells of this machine, each in a session of its own, as sshd gives it. */
export function localShells() {
  const opened: Shell[] = [];
  /** Session ids, in the order in which they were opened. */
  const sessions: number[] = [];
  const open = (argv: readonly string[]): Shell => {
    const [file = "", ...args] = argv;
    const child = spawn(file, args, { detached: true, stdio: "pipe", env: { ...process.env, SHLVL: "1" } });
    child.stdin.on("error", () => undefined /* it ended; `close` tells */);
    const shell: Shell = {
      nonce: newNonce(),
      write: (text) => {
        child.stdin.write(text);
      },
      listen: (onOut, onErr) => {
        child.stdout.on("data", onOut);
        child.stderr.on("data", onErr);
      },
      ended: new Promise((resolve) => child.once("close", (code) => resolve(`the shell ended with status ${code}`))),
      close: () => child.stdin.end(),
      pause: () => undefined,
      guard,
    };
    opened.push(shell);
    sessions.push(child.pid ?? 0);
    return shell;
  };
  const closeAll = (): void => {
    for (const shell of opened.splice(0)) shell.close();
  };
  return { open, sessions, closeAll };
}

/** Command lines of the processes in these sessions. */
export function inSessions(sids: readonly number[]): string[] {
  const stat = spawnSync("sh", ["-c", "cat /proc/[0-9]*/stat 2>/dev/null"], { encoding: "latin1" }).stdout;
  return stat.split("\n").filter((line) => {
    const found = /^\d+ \(.*\) (\S) \d+ \d+ (\d+) /.exec(line);
    return found?.[1] !== "Z" && sids.includes(Number(found?.[2]));
  });
}
