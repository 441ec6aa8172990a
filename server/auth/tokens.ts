import { z } from "zod";
import {
  longestForAll,
  type MadeToken,
  type NewToken,
  type OwnedToken,
  type Role,
  type TokenRow,
} from "@/lib/wire/rest";
import { BusProblem } from "@/server/bus/problem";
import type { Auth } from "./engine";
import { allows, roleOf } from "./roles";

const model = "apikey";
const day = 24 * 3600;
/** Tokens of one person at most: a person needs a few, and whoever makes them without end fills the disk. */
const mostTokens = 100;

/** A row as better-auth's adapter gives it; metadata is JSON text there (and was JSON text twice over in older releases). */
const Row = z.object({
  id: z.string(),
  referenceId: z.string().optional(),
  name: z.string().nullish(),
  start: z.string().nullish(),
  metadata: z.unknown(),
  createdAt: z.coerce.date(),
  expiresAt: z.coerce.date().nullish(),
  lastRequest: z.coerce.date().nullish(),
});

const ownedBy = (owner: string) => ({ field: "referenceId", value: owner });

/** Tokens of one person, newest first. */
export async function tokensOf(auth: Auth, owner: string): Promise<TokenRow[]> {
  const rows = await auth.context.adapter.findMany<unknown>({ model, where: [ownedBy(owner)], limit: 1000 });
  return rows.map((row) => toRow(Row.parse(row))).sort((a, b) => b.madeAt - a.madeAt);
}

/** Everybody's tokens, newest first, each with the account that it belongs to. */
export async function allTokens(auth: Auth): Promise<OwnedToken[]> {
  const users = await auth.context.internalAdapter.listUsers(10_000);
  const byId = new Map(users.map(({ id, name, email }) => [id, { id, name, email }]));
  const rows = await auth.context.adapter.findMany<unknown>({ model, limit: 10_000 });
  return rows
    .map((row) => Row.parse(row))
    .map((row) => ({ ...toRow(row), owner: byId.get(row.referenceId ?? "") ?? nobody(row.referenceId) }))
    .sort((a, b) => b.madeAt - a.madeAt);
}

/** A token whose account is gone should not be there; it is dead, and is listed so that it can be removed. */
const nobody = (id = "") => ({ id, name: "", email: "" });

/**
 * Makes an API token and returns it, this once. One that outlasts a year, or never ends, is an admin's to make: it must be somebody's choice who answers
 * for the whole site, for a forgotten token is what a leak lives on.
 * @throws BusProblem when the token would be more than its owner is, or outlast what he may give.
 */
export async function addToken(
  auth: Auth,
  owner: { readonly id: string; readonly role: Role },
  body: NewToken,
): Promise<MadeToken> {
  if (!allows(owner.role, body.role))
    throw new BusProblem("role", `A token cannot be ${body.role}: you are ${owner.role}.`);
  if (owner.role !== "admin" && (body.expiresInDays === null || body.expiresInDays > longestForAll))
    throw new BusProblem("role", `Only an admin makes a token that lasts longer than ${longestForAll} days.`);
  if ((await tokensOf(auth, owner.id)).length >= mostTokens)
    throw new BusProblem("conflict", `You have ${mostTokens} tokens: revoke some before you make another.`);
  const made = await auth.api.createApiKey({
    body: {
      userId: owner.id,
      name: body.name,
      metadata: { role: body.role },
      ...(body.expiresInDays === null ? {} : { expiresIn: body.expiresInDays * day }),
    },
  });
  return { token: made.key, row: toRow(Row.parse(made)) };
}

/** Revokes a token of this owner. Returns false when he has no such token. */
export async function removeToken(auth: Auth, owner: string, id: string): Promise<boolean> {
  const where = [{ field: "id", value: id }, ownedBy(owner)];
  return (await auth.context.adapter.deleteMany({ model, where })) > 0;
}

/** Revokes all tokens of a person. */
export async function removeTokensOf(auth: Auth, owner: string): Promise<void> {
  await auth.context.adapter.deleteMany({ model, where: [ownedBy(owner)] });
}

/** Revokes anybody's token. Returns its row with its owner; null when there is none. */
export async function removeAnyToken(auth: Auth, id: string): Promise<OwnedToken | null> {
  const found = (await allTokens(auth)).find((token) => token.id === id);
  if (!found) return null;
  await auth.context.adapter.deleteMany({ model, where: [{ field: "id", value: id }] });
  return found;
}

/** Lowers the tokens of a person that are more than this role, so that they do not come back to strength when the person does. */
export async function capTokensOf(auth: Auth, owner: string, role: Role): Promise<void> {
  for (const token of await tokensOf(auth, owner))
    if (!allows(role, token.role))
      await auth.context.adapter.update({
        model,
        where: [{ field: "id", value: token.id }],
        update: { metadata: JSON.stringify({ role }) },
      });
}

function toRow(row: z.output<typeof Row>): TokenRow {
  return {
    id: row.id,
    name: row.name ?? "",
    role: roleOf(roleIn(row.metadata)),
    start: row.start ?? "",
    madeAt: row.createdAt.getTime(),
    expiresAt: row.expiresAt?.getTime() ?? null,
    usedAt: row.lastRequest?.getTime() ?? null,
  };
}

/** The role inside metadata, which may be an object or JSON text of one. Unreadable text means no role, hence the weakest. */
function roleIn(metadata: unknown): unknown {
  if (typeof metadata !== "string") {
    return typeof metadata === "object" && metadata !== null && "role" in metadata ? metadata.role : undefined;
  }
  try {
    return roleIn(JSON.parse(metadata));
  } catch {
    return undefined;
  }
}
