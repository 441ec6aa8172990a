"use client";

import "@/lib/text/late/accounts";
import { useEffect } from "react";
import type { OwnedToken } from "@/lib/wire/rest";
import { route as listAllTokens } from "@/lib/wire/routes/list-all-tokens";
import { route as revokeToken } from "@/lib/wire/routes/revoke-token";
import { call } from "../api/client";
import { useLoad } from "../api/use-load";
import { HostText } from "../ui/host-text";
import { useText } from "../ui/language";
import { ListTable } from "../ui/list-table";
import { RevokeButton } from "./revoke-button";
import { tokenColumns } from "./token-columns";

/** Everybody's API tokens, for admins: whose they are, whether they are used, until when; each can be revoked. Loads again with each `round`. */
export function AllTokens({ round }: { readonly round: number }) {
  const { t } = useText();
  const [load, reload] = useLoad(listAllTokens, {});
  useEffect(() => {
    if (round > 0) reload();
  }, [round, reload]);
  const { name, start, role, used, expires } = tokenColumns<OwnedToken>({ t });
  const owner = {
    head: t("owner"),
    cell: (row: OwnedToken) => <HostText text={row.owner.email} className="block max-w-56" />,
  };
  return (
    <section aria-labelledby="all-tokens" className="flex flex-col gap-2">
      <h2 id="all-tokens" className="font-semibold">
        {t("allTokens")}
      </h2>
      <ListTable
        load={load}
        reload={reload}
        rowsOf={({ tokens }) => tokens}
        empty={<p className="text-muted">{t("noTokens")}</p>}
        columns={[owner, name, start, role, used, expires]}
        actions={(row, ask) => (
          <RevokeButton row={row} ask={ask} run={() => call(revokeToken, { params: { id: row.id } })} />
        )}
      />
    </section>
  );
}
