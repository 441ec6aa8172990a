"use client";

import "@/lib/text/late/acting";
import { ExternalLink } from "lucide-react";
import { visible } from "@/lib/text/visible";
import type { IncidentRow } from "@/lib/wire/rest";
import { route as incidentMarkdown } from "@/lib/wire/routes/incident-markdown";
import { route as listIncidents } from "@/lib/wire/routes/list-incidents";
import { route as revokeIncident } from "@/lib/wire/routes/revoke-incident";
import { call } from "../api/client";
import { useLoad } from "../api/use-load";
import { useNow } from "../live/now";
import { useMe } from "../shell/me";
import { Button } from "../ui/button";
import { CopyButton } from "../ui/copy-button";
import { HostText } from "../ui/host-text";
import { useText } from "../ui/language";
import { type Column, ListTable, type Question } from "../ui/list-table";
import { Empty, Page } from "../ui/page";
import { Ago, Exact } from "../ui/time";

/** All incident links: copy, open, revoke. */
export function IncidentsPage() {
  const { t } = useText();
  const now = useNow();
  const [load, reload] = useLoad(listIncidents, {});
  return (
    <Page title={t("navIncidents")}>
      <ListTable
        load={load}
        reload={reload}
        skeleton={6}
        className="rounded border border-line bg-surface"
        rowsOf={({ incidents }) => incidents}
        rowProps={(row) => ({ "data-incident": row.id })}
        empty={
          <Empty title={t("noIncidents")}>
            <p>{t("noIncidentsLong")}</p>
          </Empty>
        }
        columns={columnsOf(t, now)}
        actions={(row, ask) => isOpen(row, now) && <IncidentActions row={row} ask={ask} />}
      />
    </Page>
  );
}

const isOpen = (row: IncidentRow, now: number) => !row.revoked && !isExpired(row, now);
/** Before the clock is known nothing is said to be over. */
const isExpired = (row: IncidentRow, now: number) => now > 0 && row.expiresAt < now;

const columnsOf = (t: ReturnType<typeof useText>["t"], now: number): Column<IncidentRow>[] => [
  {
    head: t("host"),
    className: "font-medium",
    cell: (row) => <HostText text={row.host} className="block max-w-48" />,
  },
  {
    head: t("note"),
    className: "max-w-sm",
    cell: (row) => (
      <p className="line-clamp-2 break-words" title={visible(row.note, { lines: true })}>
        {row.note ? visible(row.note, { lines: true }) : <span className="text-muted">{t("none")}</span>}
      </p>
    ),
  },
  { head: t("madeBy"), cell: (row) => <HostText text={row.madeBy} className="block max-w-40" /> },
  { head: t("madeAt"), className: "whitespace-nowrap", cell: (row) => <Ago at={row.madeAt} /> },
  { head: t("expiresAt"), className: "whitespace-nowrap text-muted", cell: (row) => <Exact at={row.expiresAt} /> },
  {
    head: t("state"),
    className: (row) => (isOpen(row, now) ? "whitespace-nowrap" : "text-muted"),
    cell: (row) => {
      if (row.revoked) return t("incidentRevoked");
      if (isExpired(row, now)) return t("incidentExpired");
      return t(row.public ? "incidentPublic" : "incidentOpen");
    },
  },
];

function IncidentActions({ row, ask }: { readonly row: IncidentRow; readonly ask: (question: Question) => void }) {
  const { t } = useText();
  const { can } = useMe();
  const link = typeof location === "undefined" ? row.url : new URL(row.url, location.origin).href;
  const revoke = () =>
    ask({
      title: t("revokeTitle", { host: visible(row.host) }),
      action: t("revoke"),
      text: t("revokeLong"),
      run: () => call(revokeIncident, { params: { id: row.id } }),
    });
  return (
    <span className="flex items-center justify-end gap-1">
      <CopyButton text={link} label={t("copyLink")} />
      <CopyButton text={() => call(incidentMarkdown, { params: { id: row.id } })} label="Markdown" />
      <a
        href={link}
        target="_blank"
        rel="noreferrer"
        className="p-1 text-accent"
        aria-label={t("openLink")}
        title={t("openLink")}
      >
        <ExternalLink className="size-3.5" />
      </a>
      {can("operator") && (
        <Button small look="quiet" onClick={revoke}>
          {t("revoke")}
        </Button>
      )}
    </span>
  );
}
