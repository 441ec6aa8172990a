import { readFileSync } from "node:fs";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Connect, KeyBook } from "@/server/collector/ssh/api";
import { SshFailure } from "@/server/collector/ssh/api";
import type { Context } from "./context";
import { type InventoryEntry, parseInventory } from "./inventory";
import { accepting, defaultKnownHosts, keyBookOf, parseFingerprint } from "./key-book";
import { ask, passwordFrom } from "./secrets";
import { type LoginOptions, specsOf, type Wanted } from "./specs";
import { resolverOf } from "./ssh-config";
import { parseJump, parseTarget, UsageError } from "./targets";
import { visible } from "./visible";

/** Options that every command that logs in to hosts takes, as commander gives them. */
export interface ReachOptions {
  readonly user?: string;
  readonly port?: number;
  readonly identity?: string;
  readonly askPassphrase?: boolean;
  readonly passphraseFile?: string;
  readonly askPassword?: boolean;
  readonly passwordFile?: string;
  readonly askSudo?: boolean;
  readonly sudoPasswordFile?: string;
  readonly sudo: boolean;
  readonly jump?: string;
  readonly acceptHostKey: readonly string[];
  readonly knownHosts: readonly string[];
  readonly sshConfig?: string;
  readonly timeout: number;
  readonly sweeps: number;
  readonly interval: number;
}

/** For options that may be repeated. */
export const gather = (value: string, before: readonly string[]) => [...before, value];

function numberBetween(low: number, high: number, what: string) {
  return (text: string): number => {
    const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= low && value <= high))
      throw new InvalidArgumentError(`${what} from ${low} to ${high} was expected.`);
    return value;
  };
}

export const wholeBetween = (low: number, high: number, what: string) => {
  const read = numberBetween(low, high, what);
  return (text: string): number => {
    const value = read(text);
    if (!Number.isInteger(value)) throw new InvalidArgumentError(`${what} from ${low} to ${high} was expected.`);
    return value;
  };
};

export function addReachOptions(command: Command): Command {
  return command
    .option("-l, --user <name>", "log in as; default: ssh_config's, else your own name")
    .option("-p, --port <port>", "SSH port; default: ssh_config's, else 22", wholeBetween(1, 65_535, "A port"))
    .option("-i, --identity <file>", "private key; default: ssh_config's, the agent, ~/.ssh/id_*")
    .option("--ask-passphrase", "ask for the passphrase of the private key")
    .option("--passphrase-file <file>", "its passphrase stands in the first line of this file")
    .option("--ask-password", "log in by password, and ask for it")
    .option("--password-file <file>", "log in by the password in the first line of this file")
    .option("--ask-sudo", "ask for the password that sudo wants; default: sudo without password, where it is allowed")
    .option("--sudo-password-file <file>", "sudo's password stands in the first line of this file")
    .option("--no-sudo", "never use sudo: what needs root is unknown")
    .option("-J, --jump <hosts>", "[user@]host[:port],...: pass through these, in this order; every key is verified")
    .addOption(
      new Option("--accept-host-key <fingerprint>", "take this key (SHA256:...) where none is on record; repeatable")
        .argParser(gather)
        .default([], "none"),
    )
    .addOption(
      new Option("--known-hosts <file>", "more known host keys, beside OpenSSH's own files; repeatable")
        .argParser(gather)
        .default([], "none"),
    )
    .option("--ssh-config <file>", "read this instead of ~/.ssh/config")
    .option("--timeout <seconds>", "time for one host, all in all", numberBetween(1, 3600, "Seconds"), 60)
    .option("--sweeps <n>", "how often to read what is compared over time", wholeBetween(1, 20, "A number"), 2)
    .option("--interval <seconds>", "between two sweeps", numberBetween(0, 600, "Seconds"), 2);
}

/** What to connect to, and how, from arguments, inventory and options. Throws UsageError. */
export async function reach(
  targets: readonly string[],
  inventory: string | undefined,
  options: ReachOptions,
  context: Context,
): Promise<{ wanted: Wanted[]; keys: KeyBook; connect: Connect }> {
  const entries: InventoryEntry[] = targets.map((text) => ({ target: parseTarget(text), from: "command line" }));
  if (inventory !== undefined) entries.push(...parseInventory(readInventory(inventory), inventory));
  if (entries.length === 0) throw new UsageError("no host: name one, or use --inventory or --capture");
  const accepted = new Set(options.acceptHostKey.map(parseFingerprint));
  const wanted = await specsOf(entries, await loginOptions(options), resolverOf(options.sshConfig));
  const keys = keyBookOf(options.knownHosts, [
    ...new Set([...wanted.flatMap((host) => host.knownHostsFiles), ...defaultKnownHosts()]),
  ]);
  for (const note of new Set(wanted.flatMap((host) => host.notes)))
    context.terminal.err(`ssh_config: ${visible(note)}\n`);
  return { wanted, keys, connect: accepting(context.connect, accepted) };
}

function readInventory(file: string): string {
  try {
    return readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (error) {
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function secret(wants: boolean | undefined, file: string | undefined, what: string): Promise<string | undefined> {
  if (file !== undefined) return passwordFrom(file);
  return wants ? await ask(what) : undefined;
}

async function loginOptions(options: ReachOptions): Promise<LoginOptions> {
  return {
    user: options.user,
    port: options.port,
    identity: options.identity,
    passphrase: await secret(options.askPassphrase, options.passphraseFile, "Passphrase of the private key"),
    password: await secret(options.askPassword, options.passwordFile, "Password"),
    sudoPassword: await secret(options.askSudo, options.sudoPasswordFile, "Password for sudo"),
    noSudo: !options.sudo,
    jump: options.jump === undefined ? undefined : parseJump(options.jump),
  };
}

/** Tries the ways of logging in one after the other; the last refusal is the one that is told. */
export function anyLogin(connect: Connect, wanted: Wanted): Connect {
  return async (_spec, keys, options) => {
    let refused: unknown;
    for (const spec of wanted.specs) {
      try {
        return await connect(spec, keys, options);
      } catch (error) {
        if (!(error instanceof SshFailure) || error.kind !== "login") throw error;
        refused = error;
      }
    }
    throw refused;
  };
}
