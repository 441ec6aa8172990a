import type { Auth } from "./engine";
import { roleOf } from "./roles";

/** Whether this is the only account left that is an admin and may log in. */
export async function isLastAdmin(auth: Auth, id: string): Promise<boolean> {
  const all = await auth.context.internalAdapter.listUsers(10_000);
  const admins = all.filter(
    (user) => roleOf("role" in user ? user.role : undefined) === "admin" && !("banned" in user && user.banned),
  );
  return admins.length === 1 && admins[0]?.id === id;
}

const tails = new WeakMap<Auth, Promise<unknown>>();

/** Runs changes of accounts one after the other: two admins who demote each other at the same moment must not leave none. */
export function oneAtATime<T>(auth: Auth, work: () => Promise<T>): Promise<T> {
  const before = tails.get(auth) ?? Promise.resolve();
  const mine = before.then(work, work); // What failed before me is that caller's to hear of.
  tails.set(auth, mine);
  return mine;
}
