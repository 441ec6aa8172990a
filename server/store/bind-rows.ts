import type { Kysely } from "kysely";
import { z } from "zod";
import { HostSpec } from "@/lib/wire/rest";
import { sealedSpec } from "./repositories/hosts";
import { keyMark } from "./repositories/known-keys";
import { unseal } from "./secrets";
import type { Tables } from "./tables";

/** What a login kept apart, in the releases that sealed only that and left the rest of a host in the clear. */
const OldSecret = z.object({
  login: z.record(z.string(), z.unknown()),
  sudo: z.record(z.string(), z.unknown()),
  jump: z.array(z.record(z.string(), z.unknown())),
});
const OldOpen = z
  .object({
    login: z.record(z.string(), z.unknown()),
    sudo: z.record(z.string(), z.unknown()),
    jump: z.array(z.looseObject({ login: z.record(z.string(), z.unknown()) })),
  })
  .loose();

/**
 * Brings the rows of an older release under the master key: hosts are sealed as whole rows, host keys get their mark. One that does not read is left as it
 * is, and is told when hosts are loaded.
 */
export async function bindRows(db: Kysely<Tables>, masterKey: Buffer, knownKeys: Buffer): Promise<void> {
  for (const row of await db.selectFrom("host").selectAll().execute()) {
    const spec = await oldSpec(db, masterKey, row).catch(() => undefined);
    if (!spec) continue;
    await db
      .updateTable("host")
      .set({ spec: sealedSpec(masterKey, spec) })
      .where("id", "=", row.id)
      .execute();
    await db.deleteFrom("secret").where("id", "=", `host:${row.id}`).execute();
  }
  for (const row of await db.selectFrom("known_key").selectAll().execute())
    await db
      .updateTable("known_key")
      .set({ mark: keyMark(knownKeys, row) })
      .where("id", "=", row.id)
      .execute();
}

async function oldSpec(db: Kysely<Tables>, key: Buffer, row: { id: string; spec: string }): Promise<HostSpec> {
  const open = OldOpen.parse(JSON.parse(row.spec));
  const kept = await db
    .selectFrom("secret")
    .select(["nonce", "sealed"])
    .where("id", "=", `host:${row.id}`)
    .executeTakeFirstOrThrow();
  const secret = OldSecret.parse(JSON.parse(unseal(key, `host:${row.id}`, kept)));
  return HostSpec.parse({
    ...open,
    id: row.id,
    login: { ...open.login, ...secret.login },
    sudo: { ...open.sudo, ...secret.sudo },
    jump: open.jump.map((hop, at) => ({ ...hop, login: { ...hop.login, ...secret.jump[at] } })),
  });
}
