import { z } from "zod";
import type { MadeToken, NewToken, Role, TokenRow } from "@/lib/wire/rest";
import { BusProblem } from "@/server/bus/problem";
import type { Auth } from "./engine";
import { allows, roleOf } from "./roles";

const model = "apikey";
const day = 24 * 3600;

/** A row as better-auth's adapter gives it; metadata is JSON text there (and was JSON text twice over in older releases). */
const Row = z.object({
  id: z.string(),
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

/**
 * Makes an API token and returns it, this once.
 * @throws BusProblem when the token would be more than its owner is.
 */
export async function addToken(
  auth: Auth,
  owner: { readonly id: string; readonly role: Role },
  body: NewToken,
): Promise<MadeToken> {
  if (!allows(owner.role, body.role))
    throw new BusProblem("role", `A token cannot be ${body.role}: you are ${owner.role}.`);
  const made = await auth.api.createApiKey({
    body: {
      userId: owner.id,
      name: body.name,
      metadata: { role: body.role },
      ...(body.expiresInDays === undefined ? {} : { expiresIn: body.expiresInDays * day }),
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
