import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { AnyAuthMethod, AuthenticationType, AuthHandlerMiddleware } from "ssh2";
import ssh2 from "ssh2";
import type { Login } from "@/lib/wire/rest";
import { SshFailure } from "./api";

/** Ways to log in, ready to be tried one after the other, and what is known afterwards about why none worked. */
export interface Attempts {
  readonly handler: AuthHandlerMiddleware;
  /** Clause for the failure message: what was tried, what the host would take. */
  why(): string;
}

/**
 * Makes ssh2's login steps of what the form or the command line gave. Rejects with SshFailure `login` where it fails before a packet is
 * sent: no such key file, wrong passphrase, no agent.
 */
export async function attemptsFor(user: string, login: Login): Promise<Attempts> {
  const { methods, tried } = await methodsFor(user, login);
  let offered: readonly AuthenticationType[] | undefined;
  let oddPrompt: string | undefined;
  const queue = methods((prompt) => {
    oddPrompt = prompt;
  });
  const handler: AuthHandlerMiddleware = (left, partial, next) => {
    // ssh2 passes null before the first attempt, whatever its types say.
    if (Array.isArray(left) && left.length > 0) offered = left;
    if (partial) oddPrompt = "it asks for a second factor";
    const method = queue.shift();
    // ssh2 ends the login when it gets `false`; the types know only names and methods.
    next(method ?? (false as unknown as AuthenticationType));
  };
  return {
    handler,
    why: () =>
      [tried, oddPrompt, offered && offered.length > 0 ? `the host accepts: ${offered.join(", ")}` : undefined]
        .filter((part) => part !== undefined)
        .join("; "),
  };
}

type Methods = (onOddPrompt: (prompt: string) => void) => AnyAuthMethod[];

async function methodsFor(user: string, login: Login): Promise<{ methods: Methods; tried: string }> {
  switch (login.kind) {
    case "key":
      return keyMethod(user, login.privateKey, login.passphrase, "the key");
    case "key-file": {
      const path = login.path.startsWith("~/") ? join(homedir(), login.path.slice(2)) : login.path;
      let text: string;
      try {
        text = await readFile(path, "utf8");
      } catch (error) {
        throw new SshFailure("login", `cannot read key file ${path}: ${message(error)}`);
      }
      return keyMethod(user, text, login.passphrase, `key file ${path}`);
    }
    case "agent": {
      const agent = process.env.SSH_AUTH_SOCK;
      if (!agent) throw new SshFailure("login", "no SSH agent: SSH_AUTH_SOCK is not set");
      return { methods: () => [{ type: "agent", username: user, agent }], tried: "tried the agent's keys" };
    }
    case "password": {
      const { password } = login;
      return {
        tried: "tried the password",
        methods: (onOddPrompt) => [
          { type: "password", username: user, password },
          { type: "keyboard-interactive", username: user, prompt: answerOnce(password, onOddPrompt) },
        ],
      };
    }
  }
}

/** Answers a single hidden question with the password. Anything else (a one-time code, two questions) is left unanswered. */
function answerOnce(password: string, onOddPrompt: (prompt: string) => void) {
  return (
    _name: string,
    _instructions: string,
    _language: string,
    prompts: { prompt: string; echo?: boolean }[],
    finish: (answers: string[]) => void,
  ): void => {
    const [only] = prompts;
    if (prompts.length === 1 && only && only.echo !== true) {
      finish([password]);
      return;
    }
    onOddPrompt(`it asks ${JSON.stringify(prompts.map((prompt) => prompt.prompt.slice(0, 80)))}`);
    finish(prompts.map(() => ""));
  };
}

function keyMethod(
  user: string,
  text: string,
  passphrase: string | undefined,
  what: string,
): { methods: Methods; tried: string } {
  const parsed = ssh2.utils.parseKey(text, passphrase);
  if (parsed instanceof Error) {
    const reason = /passphrase|decrypt|bad key integrity|integrity check/i.test(parsed.message)
      ? passphrase === undefined
        ? "it needs a passphrase"
        : "wrong passphrase"
      : parsed.message;
    throw new SshFailure("login", `cannot use ${what}: ${reason}`);
  }
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  if (!key?.isPrivateKey()) throw new SshFailure("login", `cannot use ${what}: it is no private key`);
  return { methods: () => [{ type: "publickey", username: user, key }], tried: `tried ${what} (${key.type})` };
}

export function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
