import { AttemptLimit } from "./limit";
import { AuthProblem } from "./problem";

const minute = 60_000;

/** Limits on guessing: per account against a patient attacker with many addresses, per address against one who tries many accounts. */
export interface LoginLimits {
  readonly account: AttemptLimit;
  readonly address: AttemptLimit;
}

export function loginLimits(now: () => number = Date.now): LoginLimits {
  return {
    account: new AttemptLimit({ free: 5, forgetMs: 60 * minute, waitMs: 30_000, maxWaitMs: 15 * minute }, now),
    // An office behind one address mistypes more often than one person.
    address: new AttemptLimit({ free: 20, forgetMs: 60 * minute, waitMs: 30_000, maxWaitMs: 15 * minute }, now),
  };
}

/**
 * Runs a check of a secret under both limits. Success clears the account's count and takes the address's back.
 * @throws AuthProblem 429 that says how long to wait; otherwise what `check` throws.
 */
export async function limited<T>(
  limits: LoginLimits,
  account: string,
  address: string,
  check: () => Promise<T>,
): Promise<T> {
  const byAddress = limits.address.take(address);
  if (byAddress > 0) throw tooMany("from your address", byAddress);
  const name = account.toLowerCase();
  const byAccount = limits.account.take(name);
  if (byAccount > 0) throw tooMany("for this account", byAccount);
  const result = await check();
  limits.account.clear(name);
  limits.address.giveBack(address);
  return result;
}

function tooMany(where: string, waitMs: number): AuthProblem {
  const seconds = Math.ceil(waitMs / 1000);
  const wait = seconds < 120 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
  return new AuthProblem(429, "limited", `Too many failed attempts ${where}. Try again in ${wait}.`, seconds);
}
