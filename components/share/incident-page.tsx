"use client";

import { Lock } from "lucide-react";
import Link from "next/link";
import { visible } from "@/lib/text/visible";
import { route as getIncident } from "@/lib/wire/routes/get-incident";
import { route as incidentMarkdown } from "@/lib/wire/routes/incident-markdown";
import type { Incident } from "@/lib/wire/share";
import { call } from "../api/client";
import { useLoad } from "../api/use-load";
import { Topology } from "../canvas/topology";
import { FrozenAt } from "../live/now";
import { PreferenceButtons } from "../shell/user-menu";
import { CopyButton } from "../ui/copy-button";
import { HostText } from "../ui/host-text";
import { useText } from "../ui/language";
import { Notice } from "../ui/notice";
import { Skeleton } from "../ui/page";
import { HostStateLabel } from "../ui/status";
import { Ago, Exact } from "../ui/time";

/** A frozen incident: what was seen then, and nothing of now. Opens without account, host or collector. */
export function IncidentPage({ id }: { readonly id: string }) {
  const { t } = useText();
  const [load] = useLoad(getIncident, { params: { id } });
  if (load.state === "loading")
    return (
      <main className="p-6">
        <Skeleton rows={10} label={t("loading")} />
      </main>
    );
  if (load.state === "failed")
    return (
      <main className="mx-auto flex w-full max-w-xl flex-col gap-3 p-6">
        <h1 className="text-base font-semibold">{t("incident")}</h1>
        <Notice look="fail">{visible(load.reason)}</Notice>
        {load.status === 401 && (
          <Link href={`/login?next=${encodeURIComponent(`/share/${id}`)}`} className="text-accent hover:underline">
            {t("logInToSee")}
          </Link>
        )}
      </main>
    );
  return <Frozen id={id} incident={load.data} />;
}

function Frozen({ id, incident }: { readonly id: string; readonly incident: Incident }) {
  const { t } = useText();
  const { snapshot } = incident;
  return (
    <main className="flex h-dvh flex-col">
      <header className="shrink-0 border-b-2 border-accent bg-accent-soft px-4 py-2">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <Lock aria-hidden="true" className="size-4 shrink-0 text-accent" />
          <h1 className="flex min-w-0 items-baseline gap-2 text-base font-semibold">
            {t("frozenTitle")} <HostText text={snapshot.host.name} />
          </h1>
          <span className="font-medium">
            <Exact at={incident.takenAt} />
          </span>
          <span className="text-muted">
            (<Ago at={incident.takenAt} />)
          </span>
          <span className="ml-auto flex items-center gap-1">
            <CopyButton text={() => call(incidentMarkdown, { params: { id } })} label={t("copyMarkdown")} />
            <PreferenceButtons />
          </span>
        </div>
        <p className="text-muted">
          {t("frozenLong")} {t("takenBy")} <HostText text={incident.madeBy} />. {t("connectionThen")}{" "}
          <HostStateLabel state={snapshot.host.state} />
          {snapshot.host.reason && <span> {visible(snapshot.host.reason)}</span>}
        </p>
        {incident.masked && (
          <p className="text-muted" data-testid="masked">
            {t("maskedNote")}{" "}
            {[
              incident.masked.macs && t("maskMacs"),
              incident.masked.addresses && t("maskAddresses"),
              incident.masked.names && t("maskNames"),
            ]
              .filter(Boolean)
              .join(", ")}
          </p>
        )}
        {incident.note && (
          <p className="mt-1 max-h-24 overflow-y-auto break-words whitespace-pre-wrap">
            {visible(incident.note, { lines: true })}
          </p>
        )}
      </header>
      <FrozenAt value={incident.takenAt}>
        <Topology snapshot={snapshot} preselected={incident.selection} />
      </FrozenAt>
    </main>
  );
}
