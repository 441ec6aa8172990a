"use client";

import { ExternalLink } from "lucide-react";
import { useState } from "react";
import * as z from "zod";
import { visible } from "@/lib/text/visible";
import { IncidentRow } from "@/lib/wire/rest";
import { call, callText, nothing, segment } from "../api/client";
import { useLoad } from "../api/use-load";
import { useNow } from "../live/now";
import { useMe } from "../shell/me";
import { Button } from "../ui/button";
import { Confirm } from "../ui/confirm";
import { CopyButton } from "../ui/copy-button";
import { HostText } from "../ui/host-text";
import { useText } from "../ui/language";
import { Loaded } from "../ui/loaded";
import { Empty, Page } from "../ui/page";
import { Ago, Exact } from "../ui/time";

const Incidents = z.object({ incidents: z.array(IncidentRow) });

/** All incident links: copy, open, revoke. */
export function IncidentsPage() {
  const { t } = useText();
  const { can } = useMe();
  const now = useNow();
  const [load, reload] = useLoad(Incidents, "/incidents");
  const [revoking, setRevoking] = useState<IncidentRow>();
  const stateOf = (row: IncidentRow) => (row.revoked ? "revoked" : now > 0 && row.expiresAt < now ? "expired" : "open");
  return (
    <Page title={t("navIncidents")}>
      <Loaded load={load} retry={reload}>
        {({ incidents }) =>
          incidents.length === 0 ? (
            <Empty title={t("noIncidents")}>
              <p>{t("noIncidentsLong")}</p>
            </Empty>
          ) : (
            <div className="overflow-x-auto rounded border border-line bg-surface">
              <table className="data">
                <thead>
                  <tr>
                    <th scope="col">{t("host")}</th>
                    <th scope="col">{t("note")}</th>
                    <th scope="col">{t("madeBy")}</th>
                    <th scope="col">{t("madeAt")}</th>
                    <th scope="col">{t("expiresAt")}</th>
                    <th scope="col">{t("state")}</th>
                    <th scope="col">
                      <span className="sr-only">{t("actions")}</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {incidents.map((row) => {
                    const state = stateOf(row);
                    const link = typeof location === "undefined" ? row.url : new URL(row.url, location.origin).href;
                    return (
                      <tr key={row.id} data-incident={row.id}>
                        <td className="font-medium">
                          <HostText text={row.host} className="block max-w-48" />
                        </td>
                        <td className="max-w-sm">
                          <p className="line-clamp-2 break-words" title={visible(row.note, { lines: true })}>
                            {row.note ? (
                              visible(row.note, { lines: true })
                            ) : (
                              <span className="text-muted">{t("none")}</span>
                            )}
                          </p>
                        </td>
                        <td>
                          <HostText text={row.madeBy} className="block max-w-40" />
                        </td>
                        <td className="whitespace-nowrap">
                          <Ago at={row.madeAt} />
                        </td>
                        <td className="whitespace-nowrap text-muted">
                          <Exact at={row.expiresAt} />
                        </td>
                        <td className={state === "open" ? "whitespace-nowrap" : "text-muted"}>
                          {t(
                            state === "revoked"
                              ? "incidentRevoked"
                              : state === "expired"
                                ? "incidentExpired"
                                : row.public
                                  ? "incidentPublic"
                                  : "incidentOpen",
                          )}
                        </td>
                        <td>
                          {state === "open" && (
                            <span className="flex items-center justify-end gap-1">
                              <CopyButton text={link} label={t("copyLink")} />
                              <CopyButton
                                text={() => callText(`/incidents/${segment(row.id)}/markdown`)}
                                label="Markdown"
                              />
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
                                <Button small look="quiet" onClick={() => setRevoking(row)}>
                                  {t("revoke")}
                                </Button>
                              )}
                            </span>
                          )}
                        </td>
                      </tr>
                    );
                  })}
                </tbody>
              </table>
            </div>
          )
        }
      </Loaded>
      {revoking && (
        <Confirm
          title={t("revokeTitle", { host: visible(revoking.host) })}
          action={t("revoke")}
          onClose={() => setRevoking(undefined)}
          onConfirm={async () => {
            await call(nothing, `/incidents/${segment(revoking.id)}`, { method: "DELETE" });
            reload();
          }}
        >
          <p>{t("revokeLong")}</p>
        </Confirm>
      )}
    </Page>
  );
}
