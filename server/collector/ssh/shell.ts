import { randomBytes } from "node:crypto";
import type ssh2 from "ssh2";
import { hostText } from "@/lib/probes/items";
import type { Bulkhead } from "../bulkhead";
import { SshFailure } from "./api";
import { posix } from "./dialects/posix";

/** A held /bin/sh on the far side: bytes in, bytes out. */
export interface Shell {
  readonly nonce: string;
  write(text: string): void;
  /** Takes everything that comes from now on, and what came before. */
  listen(onOut: (bytes: Uint8Array) => void, onErr: (bytes: Uint8Array) => void): void;
  /** Reads nothing for so long, ms: what comes meanwhile waits on the far side. */
  pause(ms: number): void;
  /** Everything that runs for this shell outside of a promise goes through here. */
  readonly guard: Bulkhead;
  /** Resolves with the reason when the shell is gone. Never rejects. */
  readonly ended: Promise<string>;
  close(): void;
}

export function newNonce(): string {
  return `TP${randomBytes(16).toString("hex")}`;
}

function execute(client: ssh2.Client, command: string): Promise<ssh2.ClientChannel> {
  return new Promise((resolve, reject) => {
    try {
      client.exec(command, (error, channel) => {
        if (error) reject(new SshFailure("protocol", `the host opens no shell: ${error.message}`));
        else resolve(channel);
      });
    } catch (error) {
      reject(new SshFailure("lost", error instanceof Error ? error.message : String(error)));
    }
  });
}

/** Opens a plain shell, or with `sudoPassword` a root shell. Rejects with SshFailure; a wrong sudo password is a `SudoRefused`. */
export async function openShell(client: ssh2.Client, guard: Bulkhead, sudoPassword?: string): Promise<Shell> {
  const nonce = newNonce();
  if (sudoPassword === undefined) return shellOver(await execute(client, posix.plainShell), nonce, guard);
  // What stands after a new line would reach the shell as a command.
  if (/[\r\n\0]/.test(sudoPassword)) throw new SudoRefused("the sudo password holds a line break");
  const prompt = `${newNonce()}?`;
  const mark = newNonce();
  const channel = await execute(client, posix.sudoShell(prompt, mark));
  await passSudo(channel, prompt, mark, sudoPassword);
  return shellOver(channel, nonce, guard);
}

/** sudo did not let us in; `message` says why. */
export class SudoRefused extends Error {
  override readonly name = "SudoRefused";
}

/** As long as a session may take to open: sudo opens one too (see Patience). */
const sudoTimeMs = 30_000;

/** Sends the password when, and only when, sudo asks for it: a sudo that does not ask would hand it to the shell as a command. */
function passSudo(channel: ssh2.ClientChannel, prompt: string, mark: string, password: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let out = "";
    let err = "";
    let asked = 0;
    const settle = (failure?: string | SshFailure) => {
      clearTimeout(timer);
      channel.off("data", onOut);
      channel.stderr.off("data", onErr);
      channel.off("close", onClose);
      if (failure === undefined) return resolve();
      channel.close();
      reject(typeof failure === "string" ? new SudoRefused(failure) : failure);
    };
    const said = () => err.replaceAll(prompt, "").trim().replace(/\s+/g, " ").slice(0, 300);
    const onOut = (bytes: Buffer) => {
      out = (out + bytes.toString("latin1")).slice(-4_096);
      if (out.includes(mark)) settle();
    };
    const onErr = (bytes: Buffer) => {
      err = (err + bytes.toString("latin1")).slice(-4_096);
      const times = err.split(prompt).length - 1;
      if (times <= asked) return;
      asked = times;
      if (times > 1) settle("sudo turned the password down");
      else channel.write(`${password}\n`);
    };
    const onClose = () => settle(said() || "sudo ended without a word");
    // No refusal, which waits for a person: the host may be slow, and is tried again.
    const timer = setTimeout(
      () => settle(new SshFailure("protocol", `sudo does not answer (${sudoTimeMs} ms)`)),
      sudoTimeMs,
    );
    channel.on("data", onOut);
    channel.stderr.on("data", onErr);
    channel.once("close", onClose);
  });
}

function shellOver(channel: ssh2.ClientChannel, nonce: string, guard: Bulkhead): Shell {
  const ended = new Promise<string>((resolve) => {
    let status = "";
    channel.once("exit", (code: number | null, signal?: string) => {
      status = code === null ? ` by ${signal ?? "a signal"}` : ` with status ${code}`;
    });
    channel.once("close", () => resolve(`the shell ended${status}`));
  });
  channel.on("error", () => undefined /* `close` follows and is what we act on */);
  return {
    nonce,
    guard,
    write: (text) => {
      if (channel.writable) channel.write(text);
    },
    listen: (onOut, onErr) => {
      channel.on("data", guard.around("output of a shell", onOut));
      channel.stderr.on("data", guard.around("error output of a shell", onErr));
    },
    pause: (ms) => {
      channel.pause();
      channel.stderr.pause();
      const resume = () => {
        channel.resume();
        channel.stderr.resume();
      };
      guard.later("a paused shell", resume, ms).unref();
    },
    ended,
    close: () =>
      guard.run("the end of a shell", () => {
        channel.end();
        channel.close();
      }),
  };
}

/** First bytes of what a far end printed, for a failure message. */
export function excerpt(bytes: Uint8Array, most = 200): string {
  return hostText(bytes.subarray(0, most))
    .replace(/[\x00-\x1f\x7f]+/g, " ")
    .trim();
}
