import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { SetupBody, SetupState } from "@/lib/wire/rest";
import { BusProblem } from "@/server/bus/problem";
import { addUser } from "./accounts";
import type { Auth } from "./engine";

const identifier = "first-admin";
/** Long enough to find the console again the next day; each start prints a new link anyway. */
export const setupMs = 24 * 3600 * 1000;

const hashOf = (token: string) => createHash("sha256").update(token).digest();

/** Whether nobody has been made yet. */
export async function isEmpty(auth: Auth): Promise<boolean> {
  return (await auth.context.internalAdapter.countTotalUsers()) === 0;
}

/**
 * Makes a new one-time token for the first admin, and voids the one before. Returns null when there is an account already.
 * Only the token's hash is stored: reading the database does not give the link away.
 */
export async function offerSetup(auth: Auth): Promise<string | null> {
  const { internalAdapter } = auth.context;
  await internalAdapter.deleteVerificationByIdentifier(identifier);
  if (!(await isEmpty(auth))) return null;
  const token = randomBytes(32).toString("base64url");
  await internalAdapter.createVerificationValue({
    identifier,
    value: hashOf(token).toString("hex"),
    expiresAt: new Date(Date.now() + setupMs),
  });
  return token;
}

/** Whether the first admin is still to be made, and whether this token may make it. */
export async function setupState(auth: Auth, token: string): Promise<SetupState> {
  const open = await isEmpty(auth);
  return { open, valid: open && (await matches(auth, token)) };
}

/**
 * Makes the first admin. The token is used up before the account is made, so that two at once cannot both succeed.
 * @throws BusProblem when there is an admin already or the token is wrong, used or too old.
 */
export async function useSetup(auth: Auth, body: SetupBody): Promise<void> {
  const gone = () =>
    new BusProblem("gone", "This link is not valid any more. Restart Taproot to have a new one printed.");
  if (!(await isEmpty(auth))) throw new BusProblem("gone", "The first admin has been made. Log in instead.");
  if (!(await matches(auth, body.token))) throw gone();
  if (!(await auth.context.internalAdapter.consumeVerificationValue(identifier))) throw gone();
  await addUser(auth, { name: body.name, email: body.email, password: body.password, role: "admin" });
}

async function matches(auth: Auth, token: string): Promise<boolean> {
  const row = await auth.context.internalAdapter.findVerificationValue(identifier);
  if (!row || new Date(row.expiresAt).getTime() < Date.now()) return false;
  const kept = Buffer.from(row.value, "hex");
  const given = hashOf(token);
  return kept.length === given.length && timingSafeEqual(kept, given);
}
