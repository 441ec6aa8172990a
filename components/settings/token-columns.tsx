"use client";

import "@/lib/text/late/accounts";
import { visible } from "@/lib/text/visible";
import type { OwnedToken, TokenRow } from "@/lib/wire/rest";
import { HostText } from "../ui/host-text";
import type { useText } from "../ui/language";
import type { Column } from "../ui/list-table";
import { Ago, Exact } from "../ui/time";

type Words = Pick<ReturnType<typeof useText>, "t">;

/** The columns that one's own tokens and everybody's share, by name. */
export function tokenColumns<Row extends TokenRow | OwnedToken>({ t }: Words) {
  const column = (head: string, cell: Column<Row>["cell"], className?: string): Column<Row> => ({
    head,
    cell,
    ...(className === undefined ? {} : { className }),
  });
  return {
    name: column(t("name"), (row) => <HostText text={row.name} className="block max-w-56" />),
    start: column(t("begins"), (row) => `${visible(row.start)}…`, "mono"),
    role: column(t("role"), (row) => t(`role_${row.role}`)),
    used: column(t("lastUsed"), (row) => (row.usedAt === null ? t("never") : <Ago at={row.usedAt} />)),
    expires: column(t("expiresAt"), (row) => (row.expiresAt === null ? t("never") : <Exact at={row.expiresAt} />)),
  };
}
