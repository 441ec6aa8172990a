import type { Auth } from "./engine";

/** Tokens that have ended are listed this much longer, so that a person sees why a script was refused. */
const tokenGraceMs = 30 * 24 * 3600_000;

/** Deletes sessions and one-time links that have ended, and tokens that ended a month ago. How many. */
export async function dropExpired(auth: Auth, now: number): Promise<number> {
  const { adapter } = auth.context;
  const before = (model: string, at: number) =>
    adapter.deleteMany({ model, where: [{ field: "expiresAt", operator: "lt", value: new Date(at) }] });
  return (
    (await before("session", now)) + (await before("verification", now)) + (await before("apikey", now - tokenGraceMs))
  );
}
