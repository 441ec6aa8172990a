import { BusProblem } from "@/server/bus/problem";
import { AttemptLimit } from "./limit";

const minute = 60_000;

/** Limits on guessing: per account against a patient attacker with many addresses, per address against one who tries many accounts. */
export interface LoginLimits {
  readonly account: AttemptLimit;
  readonly address: AttemptLimit;
  /** Pairs of account and address that have logged in since the start. */
  readonly known: Set<string>;
}

const maxKnown = 10_000;

export function loginLimits(now: () => number = Date.now): LoginLimits {
  return {
    account: new AttemptLimit({ free: 5, forgetMs: 60 * minute, waitMs: 30_000, maxWaitMs: 15 * minute }, now),
    // An office behind one address mistypes more often than one person.
    address: new AttemptLimit({ free: 20, forgetMs: 60 * minute, waitMs: 30_000, maxWaitMs: 15 * minute }, now),
    known: new Set(),
  };
}

/**
 * Runs a check of a secret under both limits. Success clears the account's count and takes the address's back. From an address where the account has logged
 * in before, its failures are counted apart: a stranger who guesses elsewhere cannot lock its owner out.
 * @param account e-mail; null where no account is guessed at (a link with a long token).
 * @throws BusProblem that says how long to wait; otherwise what `check` throws.
 */
export async function limited<T>(
  limits: LoginLimits,
  account: string | null,
  address: string,
  check: () => Promise<T>,
): Promise<T> {
  const byAddress = limits.address.take(address);
  if (byAddress > 0) throw tooMany("from your address", byAddress);
  if (account === null) {
    const result = await check();
    limits.address.giveBack(address);
    return result;
  }
  const name = account.toLowerCase();
  const pair = `${name} ${address}`;
  const key = limits.known.has(pair) ? pair : name;
  const byAccount = limits.account.take(key);
  if (byAccount > 0) throw tooMany("for this account", byAccount);
  const result = await check();
  limits.account.clear(key);
  limits.address.giveBack(address);
  if (limits.known.size < maxKnown) limits.known.add(pair);
  return result;
}

function tooMany(where: string, waitMs: number): BusProblem {
  const seconds = Math.ceil(waitMs / 1000);
  const wait = seconds < 120 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
  return new BusProblem("limited", `Too many failed attempts ${where}. Try again in ${wait}.`, seconds);
}
