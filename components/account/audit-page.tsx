"use client";

import "@/lib/text/late/accounts";
import { useState } from "react";
import { actionWords, outcomeWords } from "@/lib/text/audit";
import { visible } from "@/lib/text/visible";
import type { AuditRow } from "@/lib/wire/rest";
import { addressOf } from "@/lib/wire/routes/define";
import { route as exportAudit } from "@/lib/wire/routes/export-audit";
import { route as listAudit } from "@/lib/wire/routes/list-audit";
import { call, reasonOf } from "../api/client";
import { useLoad } from "../api/use-load";
import { Button } from "../ui/button";
import { HostText } from "../ui/host-text";
import { useText } from "../ui/language";
import { Loaded } from "../ui/loaded";
import { Notice } from "../ui/notice";
import { Empty, Page } from "../ui/page";
import { Exact } from "../ui/time";

const pageSize = 100;

/** Who did what to which host, and how it ended. Newest first. */
export function AuditPage() {
  const { t } = useText();
  const [load, reload] = useLoad(listAudit, { query: { limit: pageSize } });
  return (
    <Page
      title={t("navAudit")}
      actions={
        <>
          <a
            href={addressOf(exportAudit, {})}
            download
            className="inline-flex h-8 items-center gap-1.5 rounded border border-line-strong bg-surface px-2.5 font-medium hover:bg-sunken"
          >
            {t("exportLog")}
          </a>
          <Button onClick={reload}>{t("refresh")}</Button>
        </>
      }
    >
      <Loaded load={load} retry={reload}>
        {({ rows }) =>
          rows.length === 0 ? (
            <Empty title={t("noAudit")} />
          ) : (
            // A new first row begins the list afresh.
            <AuditTable key={rows[0]?.id} first={rows} />
          )
        }
      </Loaded>
    </Page>
  );
}

function AuditTable({ first }: { readonly first: readonly AuditRow[] }) {
  const { t } = useText();
  const [older, setOlder] = useState<readonly AuditRow[]>([]);
  const [done, setDone] = useState(first.length < pageSize);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const rows = [...first, ...older];
  const more = async () => {
    const last = rows.at(-1);
    if (!last) return;
    setBusy(true);
    setFailure(undefined);
    try {
      const page = await call(listAudit, { query: { limit: pageSize, before: last.id } });
      setOlder([...older, ...page.rows]);
      setDone(page.rows.length < pageSize);
    } catch (error) {
      setFailure(reasonOf(error));
    }
    setBusy(false);
  };
  return (
    <div className="overflow-x-auto rounded border border-line bg-surface">
      <Rows rows={rows} />
      {failure && <Notice look="fail">{failure}</Notice>}
      {!done && (
        <div className="border-t border-line p-2 text-center">
          <Button look="quiet" disabled={busy} onClick={() => void more()}>
            {t("older")}
          </Button>
        </div>
      )}
    </div>
  );
}

function Rows({ rows }: { readonly rows: readonly AuditRow[] }) {
  const { t, language } = useText();
  return (
    <table className="data">
      <thead>
        <tr>
          <th scope="col">{t("time")}</th>
          <th scope="col">{t("who")}</th>
          <th scope="col">{t("what")}</th>
          <th scope="col">{t("host")}</th>
          <th scope="col">{t("outcome")}</th>
          <th scope="col">{t("detail")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <td className="mono whitespace-nowrap text-muted">
              <Exact at={row.at} />
            </td>
            <td>
              <HostText text={row.who} className="block max-w-44" />
            </td>
            <td className="whitespace-nowrap" title={visible(row.what)}>
              {visible(actionWords(row.what, language))}
            </td>
            <td>{row.host === null ? "" : <HostText text={row.host} className="block max-w-40" />}</td>
            <td className="max-w-80 break-words">{visible(outcomeWords(row.outcome, language))}</td>
            <td className="text-xs break-words text-muted">
              {row.detail === "" ? "" : visible(row.detail, { lines: true })}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
