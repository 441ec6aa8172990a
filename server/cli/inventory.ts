import { isIPv6 } from "node:net";
import { z } from "zod";
import { Hop, HostSpec } from "@/lib/wire/rest";
import { parseJump, parseTarget, type Target, UsageError } from "./targets";

/** One host of an inventory. Whatever is left out comes from ssh_config, the options or the defaults. */
export interface InventoryEntry {
  readonly target: Target;
  /** Its id; default: from the address. */
  readonly name?: string;
  readonly jump?: readonly Target[];
  /** Path of a private key. */
  readonly identity?: string;
  /** From a JSON inventory: login, sudo and hops as the server's REST interface takes them. */
  readonly given?: Partial<Pick<HostSpec, "login" | "sudo" | "jump">>;
  /** For messages: "hosts.txt:12". */
  readonly from: string;
}

const JsonHost = HostSpec.partial({ id: true, user: true, login: true, port: true, sudo: true }).extend({
  port: z.number().int().min(1).max(65_535).optional(),
  sudo: HostSpec.shape.sudo.unwrap().optional(),
  jump: z.array(Hop).max(5).optional(),
});

/**
 * Reads an inventory: lines of `[user@]host[:port] [name=ID] [jump=HOP,HOP] [identity=FILE]` with # comments, or a JSON array of
 * HostSpec (lib/wire/rest.ts; all but `address` may be left out). Throws UsageError with the file and line of whatever does not fit:
 * an inventory is taken as a whole or not at all.
 */
export function parseInventory(text: string, file: string): InventoryEntry[] {
  const plain = text.replace(/^\ufeff/, "");
  const entries = /^\s*\[\s*[{\]]/.test(plain) ? parseJson(plain, file) : parseLines(plain, file);
  if (entries.length === 0) throw new UsageError(`${file}: no host in it`);
  const seen = new Map<string, string>();
  for (const entry of entries) {
    if (entry.name === undefined) continue;
    const before = seen.get(entry.name);
    if (before !== undefined) throw new UsageError(`${entry.from}: the name "${entry.name}" is taken by ${before}`);
    seen.set(entry.name, entry.from);
  }
  return entries;
}

function parseLines(text: string, file: string): InventoryEntry[] {
  const entries: InventoryEntry[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const words = line.replace(/(^|\s)#.*$/, "").trim();
    if (words === "") continue;
    const from = `${file}:${index + 1}`;
    try {
      entries.push(parseLine(words, from));
    } catch (error) {
      if (error instanceof UsageError) throw new UsageError(`${from}: ${error.message}`);
      throw error;
    }
  }
  return entries;
}

function parseLine(line: string, from: string): InventoryEntry {
  const [first = "", ...options] = line.split(/\s+/);
  const group = /^\[([^\]]*)\]$/.exec(line);
  if (group && !isIPv6(group[1] ?? ""))
    throw new UsageError(
      `"${line}" is a group of an Ansible inventory; only plain lines of [user@]host[:port] are read`,
    );
  let entry: InventoryEntry = { target: parseTarget(first), from };
  for (const option of options) entry = { ...entry, ...parseOption(option) };
  return entry;
}

function parseOption(option: string): Pick<InventoryEntry, "name" | "jump" | "identity"> {
  const equals = option.indexOf("=");
  const key = equals < 0 ? option : option.slice(0, equals);
  const value = equals < 0 ? "" : option.slice(equals + 1);
  if (equals < 0) throw new UsageError(`"${option}" is no name=, jump= or identity=`);
  if (value === "") throw new UsageError(`${key}= is empty`);
  if (key === "name") {
    const id = HostSpec.shape.id.safeParse(value);
    if (!id.success) throw new UsageError(`name=${value}: ${id.error.issues[0]?.message ?? "not usable"}`);
    return { name: id.data };
  }
  if (key === "jump") return { jump: parseJump(value) };
  if (key === "identity") return { identity: value };
  throw new UsageError(`"${key}" is not known; known are name=, jump= and identity=`);
}

function parseJson(text: string, file: string): InventoryEntry[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const position = /position (\d+)/.exec(message)?.[1];
    const line = position === undefined ? text.split("\n").length : text.slice(0, Number(position)).split("\n").length;
    throw new UsageError(`${file}:${line}: not JSON: ${message}`);
  }
  const read = z.array(JsonHost).safeParse(value);
  if (!read.success) {
    const issue = read.error.issues[0];
    throw new UsageError(
      `${file}: entry ${issue?.path.map(String).join(".") ?? "?"}: ${issue?.message ?? "does not fit"}`,
    );
  }
  return read.data.map((host, index) => ({
    target: {
      host: host.address,
      ...(host.user === undefined ? {} : { user: host.user }),
      ...(host.port === undefined ? {} : { port: host.port }),
    },
    ...(host.id === undefined ? {} : { name: host.id }),
    given: {
      ...(host.login === undefined ? {} : { login: host.login }),
      ...(host.sudo === undefined ? {} : { sudo: host.sudo }),
      ...(host.jump === undefined ? {} : { jump: host.jump }),
    },
    from: `${file}: entry ${index}`,
  }));
}
