import type { From } from "@/lib/wire/bus";
import { BusProblem } from "@/server/bus/problem";
import type { LoginRepository } from "../store/repositories/login";
import { addressKey } from "./address-key";
import { Devices } from "./devices";
import { HashGate } from "./hash-gate";
import { AttemptLimit } from "./limit";

const minute = 60_000;
/** Quiet time after which a count starts anew, ms. Whoever prunes kept attempts goes by it. */
export const forgetMs = 60 * minute;

/**
 * Limits on guessing: per account against a patient attacker with many addresses, per address against one who tries many accounts, and per known device.
 * Counts are kept in the store, so that a restart is no new beginning.
 */
export interface LoginLimits {
  readonly account: AttemptLimit;
  readonly address: AttemptLimit;
  readonly device: AttemptLimit;
  readonly devices: Devices;
  readonly gate: HashGate;
  readonly store: LoginRepository;
}

type Kind = "account" | "address" | "device";

/** Reads what is kept. @param key signs the cookies of devices. */
export async function openLoginLimits(
  store: LoginRepository,
  key: Buffer,
  now: () => number = Date.now,
): Promise<LoginLimits> {
  const wait = { forgetMs, waitMs: 30_000, maxWaitMs: 15 * minute };
  const limits = {
    account: new AttemptLimit({ free: 5, ...wait }, now),
    // An office behind one address mistypes more often than one person.
    address: new AttemptLimit({ free: 20, ...wait }, now),
    device: new AttemptLimit({ free: 5, ...wait }, now),
  };
  for (const { key: name, ...entry } of await store.attempts()) {
    const [, kind, rest] = /^(account|address|device):(.*)$/s.exec(name) ?? [];
    if (kind !== undefined && rest !== undefined) limits[kind as Kind].restore(rest, entry);
  }
  return { ...limits, devices: new Devices(store, key, now), gate: new HashGate(), store };
}

/**
 * Runs a check of a secret under the limits. From a device that has logged in to the account before, only that device's own failures count: neither
 * strangers who guess at the account nor those behind the same address lock its owner out. Otherwise account and address count both. Success clears the
 * account's count and takes the address's back.
 * @param account e-mail; null where no account is guessed at (a link with a long token).
 * @returns what `check` gave, and the id of the known device.
 * @throws BusProblem that says how long to wait, or "busy"; otherwise what `check` throws.
 */
export async function limited<T>(
  limits: LoginLimits,
  account: string | null,
  from: From,
  check: () => Promise<T>,
): Promise<{ readonly result: T; readonly device: string | null }> {
  const name = account?.toLowerCase() ?? null;
  const device = name === null ? null : await limits.devices.known(from.device, name);
  const taken: (readonly [Kind, string])[] = [];
  try {
    if (device !== null) await take(limits, taken, "device", device, "from this device");
    else {
      await take(limits, taken, "address", addressKey(from.address), "from your address");
      if (name !== null) await take(limits, taken, "account", name, "for this account");
    }
    const result = await limits.gate.run(device === null ? "stranger" : "known", check);
    for (const [kind, key] of taken) await (kind === "address" ? giveBack : clear)(limits, kind, key);
    return { result, device };
  } catch (error) {
    // An attempt that was not looked at was none. The address's count stays where it is the account that has to wait, as it was.
    if (error instanceof BusProblem && error.code === "busy")
      for (const [kind, key] of taken) await giveBack(limits, kind, key);
    throw error;
  }
}

/** Counts an attempt, in memory at once and then in the store, before anything is looked at. */
async function take(limits: LoginLimits, taken: (readonly [Kind, string])[], kind: Kind, key: string, where: string) {
  const wait = limits[kind].take(key);
  if (wait > 0) throw tooMany(where, wait);
  taken.push([kind, key]);
  await keep(limits, kind, key);
}

async function giveBack(limits: LoginLimits, kind: Kind, key: string): Promise<void> {
  limits[kind].giveBack(key);
  if (limits[kind].entry(key)) await keep(limits, kind, key);
  else await limits.store.dropAttempt(`${kind}:${key}`);
}

async function clear(limits: LoginLimits, kind: Kind, key: string): Promise<void> {
  limits[kind].clear(key);
  await limits.store.dropAttempt(`${kind}:${key}`);
}

async function keep(limits: LoginLimits, kind: Kind, key: string): Promise<void> {
  const entry = limits[kind].entry(key);
  if (entry) await limits.store.keepAttempt({ key: `${kind}:${key}`, ...entry });
}

function tooMany(where: string, waitMs: number): BusProblem {
  const seconds = Math.ceil(waitMs / 1000);
  const wait = seconds < 120 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
  return new BusProblem("limited", `Too many failed attempts ${where}. Try again in ${wait}.`, seconds);
}
