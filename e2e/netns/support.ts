/** What the tests of this folder share: probes made on the spot, specs, waiting. */
import { z } from "zod";
import { defineProbe, ParseError, type Probe } from "@/lib/probes/define";
import { latin1 } from "@/lib/probes/items";
import { HostSpec, type Login } from "@/lib/wire/rest";
import type { HostConnection, KeyBook, SshFailure } from "@/server/collector/ssh/api";
import { connect } from "@/server/collector/ssh/connect";
import type { NetnsHost } from "./host";

/** A probe of one script; its fact is what was printed, one char a byte. Output that begins with "bad" does not parse. */
export function textProbe(
  id: string,
  script: string,
  options: { timeoutMs?: number; maxBytes?: number; tier?: "fast" | "slow" } = {},
): Probe {
  return defineProbe({
    id,
    title: { en: id, zh: id },
    tier: options.tier ?? "fast",
    command: script,
    script,
    privilege: "none",
    timeoutMs: options.timeoutMs ?? 5_000,
    maxBytes: options.maxBytes ?? 1_000_000,
    fact: z.string(),
    parse: ({ stdout }) => {
      const text = latin1(stdout);
      if (text.startsWith("bad")) throw new ParseError(`cannot take ${JSON.stringify(text.slice(0, 20))}`);
      return text;
    },
    sources: [],
    examples: [],
  });
}

export function book(...lines: string[]): KeyBook {
  return { lines: () => lines };
}

export function specOf(
  host: NetnsHost,
  more: Partial<Omit<z.input<typeof HostSpec>, "login">> & { login?: Login } = {},
): HostSpec {
  const { address, port, user, privateKey } = host.ssh;
  return HostSpec.parse({ id: host.name, address, port, user, login: { kind: "key", privateKey }, ...more });
}

/** Connects with the host's key on record. */
export function reach(host: NetnsHost, more: Parameters<typeof specOf>[1] = {}): Promise<HostConnection> {
  return connect(specOf(host, more), book(host.ssh.knownHosts));
}

/** The failure that `promise` rejects with; throws when it does not. */
export async function failureOf(promise: Promise<unknown>): Promise<SshFailure> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error && error.name === "SshFailure") return error as SshFailure;
    throw error;
  }
  throw new Error("expected a failure, got none");
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks until `test` holds; at the bound throws with what it saw last. */
export async function eventually<T>(
  ask: () => T | Promise<T>,
  test: (value: T) => boolean,
  timeoutMs = 10_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await ask();
    if (test(value)) return value;
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms; last: ${JSON.stringify(value)}`);
    await sleep(50);
  }
}
