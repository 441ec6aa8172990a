"use client";

import { useEffect, useState } from "react";
import { z } from "zod";
import { visible } from "@/lib/text/visible";
import { OwnedToken } from "@/lib/wire/rest";
import { call, nothing, segment } from "../api/client";
import { useLoad } from "../api/use-load";
import { Button } from "../ui/button";
import { Confirm } from "../ui/confirm";
import { HostText } from "../ui/host-text";
import { useText } from "../ui/language";
import { Loaded } from "../ui/loaded";
import { Ago, Exact } from "../ui/time";

const Tokens = z.object({ tokens: z.array(OwnedToken) });

/** Everybody's API tokens, for admins: whose they are, whether they are used, until when; each can be revoked. Loads again with each `round`. */
export function AllTokens({ round }: { readonly round: number }) {
  const { t } = useText();
  const [load, reload] = useLoad(Tokens, "/tokens/all");
  const [leaving, setLeaving] = useState<OwnedToken>();
  useEffect(() => {
    if (round > 0) reload();
  }, [round, reload]);
  return (
    <section aria-labelledby="all-tokens" className="flex flex-col gap-2">
      <h2 id="all-tokens" className="font-semibold">
        {t("allTokens")}
      </h2>
      <Loaded load={load} retry={reload} rows={2}>
        {({ tokens }) =>
          tokens.length === 0 ? (
            <p className="text-muted">{t("noTokens")}</p>
          ) : (
            <table className="data">
              <thead>
                <tr>
                  <th scope="col">{t("owner")}</th>
                  <th scope="col">{t("name")}</th>
                  <th scope="col">{t("begins")}</th>
                  <th scope="col">{t("role")}</th>
                  <th scope="col">{t("lastUsed")}</th>
                  <th scope="col">{t("expiresAt")}</th>
                  <th scope="col">
                    <span className="sr-only">{t("actions")}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {tokens.map((row) => (
                  <tr key={row.id}>
                    <td>
                      <HostText text={row.owner.email} className="block max-w-56" />
                    </td>
                    <td>
                      <HostText text={row.name} className="block max-w-48" />
                    </td>
                    <td className="mono">{visible(row.start)}…</td>
                    <td>{t(`role_${row.role}`)}</td>
                    <td>{row.usedAt === null ? t("never") : <Ago at={row.usedAt} />}</td>
                    <td>{row.expiresAt === null ? t("never") : <Exact at={row.expiresAt} />}</td>
                    <td className="text-right">
                      <Button small look="quiet" onClick={() => setLeaving(row)}>
                        {t("revoke")}
                      </Button>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Loaded>
      {leaving && (
        <Confirm
          title={t("revokeToken", { name: visible(leaving.name) })}
          action={t("revoke")}
          onClose={() => setLeaving(undefined)}
          onConfirm={async () => {
            await call(nothing, `/tokens/all/${segment(leaving.id)}`, { method: "DELETE" });
            reload();
          }}
        >
          <p>{t("revokeTokenLong")}</p>
        </Confirm>
      )}
    </section>
  );
}
