"use client";

import "@/lib/text/late/inventory";
import { RefreshCw, Share2, TableProperties } from "lucide-react";
import Link from "next/link";
import { type ReactNode, useState } from "react";
import type { Finding } from "@/lib/checks/finding";
import { selfKind } from "@/lib/graph/kinds";
import type { Change } from "@/lib/text/changes";
import { reasonWording } from "@/lib/text/reasons";
import { clock, duration, exact } from "@/lib/text/time";
import { visible } from "@/lib/text/visible";
import { type HostInfo, type HostSnapshot, isWhatItSays } from "@/lib/wire/model";
import { Topology } from "../canvas/topology";
import { useLive, useLiveness, useWatch } from "../live/live";
import { FrozenAt, useTimeText, useZonedText } from "../live/now";
import { fleetOf, heldOf, viewOf } from "../live/state";
import { RemedyDialog } from "../remedy/remedy-dialog";
import { HostSegments } from "../segments/host-segments";
import { ShareDialog } from "../share/share-dialog";
import { useMe } from "../shell/me";
import { Button } from "../ui/button";
import { HostText } from "../ui/host-text";
import { useText } from "../ui/language";
import { Notice } from "../ui/notice";
import { Empty, Page, Skeleton } from "../ui/page";
import { HostStateLabel, StatusLabel } from "../ui/status";
import { Exact, Since } from "../ui/time";
import { useUrlState } from "../ui/url-state";
import { CaptureTag } from "./capture-tag";
import { DemoTag } from "./demo-tag";
import { ProbesDialog } from "./probes-dialog";
import { RetryButton } from "./retry-button";

const none: readonly Change[] = [];

/** One host, live. */
export function HostPage({ id }: { readonly id: string }) {
  const { t } = useText();
  useWatch("host", id);
  const snapshot = useLive((s) => viewOf(s, "host", id));
  const refused = useLive((s) => heldOf(s, "host", id)?.refused);
  if (refused)
    return (
      <Page title={visible(id)}>
        <Notice look="fail">
          <p>{t("hostRefused", { reason: visible(refused) })}</p>
          <Link href="/hosts" className="mt-1 inline-block text-accent hover:underline">
            {t("toHosts")}
          </Link>
        </Notice>
      </Page>
    );
  if (!snapshot) return <HostOnItsWay id={id} />;
  return <HostView key={id} snapshot={snapshot} />;
}

/** The frame in which the host will stand, so that nothing jumps when it comes. */
function HostOnItsWay({ id }: { readonly id: string }) {
  const { t } = useText();
  const fleet = useLive(fleetOf);
  return (
    <main className="flex min-h-0 flex-1 flex-col">
      <header className="flex min-h-11 shrink-0 items-center border-b border-line bg-surface px-3 py-1.5">
        <h1 className="min-w-0 text-base font-semibold">
          <HostText text={fleet?.get(id)?.host.name ?? id} />
        </h1>
      </header>
      <div className="flex min-h-0 flex-1 flex-col lg:flex-row">
        <div className="h-1/4 shrink-0 overflow-hidden border-b border-line bg-surface pt-9 lg:h-auto lg:w-64 lg:border-r lg:border-b-0">
          <Skeleton rows={4} label={t("loading")} />
        </div>
        <div className="flex min-h-0 min-w-0 flex-1 flex-col">
          <div className="h-9 shrink-0 border-b border-line bg-surface" />
          <p aria-hidden="true" className="m-auto text-muted">
            {t("loading")}
          </p>
        </div>
      </div>
    </main>
  );
}

function HostView({ snapshot }: { readonly snapshot: HostSnapshot }) {
  // Long: the frame of the page: what is selected, what is shown and the dialogues over it.
  const { t } = useText();
  const { can } = useMe();
  const url = useUrlState();
  const changes = useLive((s) => heldOf(s, "host", snapshot.host.id)?.changes ?? none);
  const liveness = useLiveness();
  const [dialog, setDialog] = useState<"share" | "probes">();
  const [mending, setMending] = useState<{ readonly finding: Finding; readonly remedy?: string | undefined }>();
  const { host } = snapshot;
  const captured = host.state === "captured";
  const current = captured || (liveness.kind === "live" && isWhatItSays(host.state));
  // The host itself has no place among the lanes: its own findings (clock, memory, services) open from here.
  const self = snapshot.nodes.find((n) => n.kind === selfKind);
  const unread = snapshot.probes.filter((p) => p.outcome !== "ok" && p.outcome !== "absent").length;
  return (
    <main className="flex min-h-0 flex-1 flex-col">
      <header className="flex min-h-11 shrink-0 flex-wrap items-center gap-x-4 gap-y-1 border-b border-line bg-surface px-3 py-1.5">
        <h1 className="flex min-w-0 items-center gap-2 text-base font-semibold">
          <HostText text={host.name} />
          {host.demo && <DemoTag />}
          {host.takenAt !== undefined && <CaptureTag at={host.takenAt} />}
        </h1>
        {self && (
          <Button small look="quiet" title={t("hostDetails")} onClick={() => url.set({ sel: self.id, tab: undefined })}>
            {self.status === "ok" ? t("host") : <StatusLabel status={self.status} />}
          </Button>
        )}
        <HostText text={host.address} mono className="text-muted" />
        <HostStateLabel state={host.state} />
        <span className="text-xs text-muted">
          {t("since")} <Since at={host.since} />
        </span>
        <div className="ml-auto flex items-center gap-2">
          <Button small onClick={() => setDialog("probes")} icon={<TableProperties className="size-3.5" />}>
            {unread > 0 ? t("probesUnread", { count: unread }) : t("probes")}
          </Button>
          {can("operator") && (
            <Button small onClick={() => setDialog("share")} icon={<Share2 className="size-3.5" />}>
              {t("shareIncident")}
            </Button>
          )}
        </div>
      </header>
      <StateBanner host={host} />
      {snapshot.nodes.length === 0 ? (
        <Empty title={t(host.seenAt === null ? "notReadYet" : "nothingRead")}>
          <p>{host.reason ? visible(host.reason) : t("notReadYetLong")}</p>
        </Empty>
      ) : (
        // Of a capture, times are those of its day: "3 min" then means three minutes before it was taken.
        <FrozenAt value={captured ? host.takenAt : undefined}>
          <Topology
            snapshot={snapshot}
            changes={changes}
            old={!current}
            note={noteOf(host, current)}
            onRemedy={
              can("operator") && host.takenAt === undefined
                ? (finding, remedy) => setMending({ finding, remedy })
                : undefined
            }
            under={host.takenAt === undefined ? <HostSegments host={host.id} /> : undefined}
          />
        </FrozenAt>
      )}
      {dialog === "probes" && <ProbesDialog probes={snapshot.probes} onClose={() => setDialog(undefined)} />}
      {dialog === "share" && (
        <ShareDialog snapshot={snapshot} selection={url.get("sel")} onClose={() => setDialog(undefined)} />
      )}
      {mending && <RemedyDialog {...mending} host={host} snapshot={snapshot} onClose={() => setMending(undefined)} />}
    </main>
  );
}

/** Says on the box itself that this is the past: a picture outlives the banner above it in a screenshot. */
function NoAnswerSince({ at }: { readonly at: number }) {
  const { t, language } = useText();
  return useTimeText((now) => t("noAnswerSince", { at: clock(at), long: duration(now - at, language) }));
}

/** The moment of the picture. Drawn only in the browser: the server does not know the reader's time zone. */
function CaptureOf({ at }: { readonly at: number }) {
  const { t } = useText();
  return useZonedText(() => t("captureOf", { at: exact(at) }));
}

function noteOf(host: HostInfo, current: boolean): ReactNode {
  if (host.takenAt !== undefined) return <CaptureOf at={host.takenAt} />;
  return current || host.seenAt === null ? undefined : <NoAnswerSince at={host.seenAt} />;
}

const mayRetry = ({ state, takenAt }: HostInfo) =>
  takenAt === undefined && state !== "degraded" && state !== "connecting";

/** Anything but live and whole is said above the picture, with its reason and since when. */
function StateBanner({ host }: { readonly host: HostInfo }) {
  const { t, say } = useText();
  const { can } = useMe();
  if (host.state === "live") return null;
  const look =
    host.state === "refused" || host.state === "failed"
      ? "fail"
      : host.state === "connecting" || host.state === "captured"
        ? "info"
        : "warn";
  return (
    <div className="border-b border-line bg-surface px-3 py-2">
      <Notice look={look}>
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="min-w-0 flex-1 break-words">
            <strong className="font-semibold">{t(`banner_${host.state}`)}</strong>{" "}
            {host.reason && visible(say(reasonWording(host.reason)))}
            {host.takenAt !== undefined && (
              <span className="block text-muted">
                {t("captureLong")} {t("capture")} <Exact at={host.takenAt} />
              </span>
            )}
            {host.takenAt === undefined && host.seenAt !== null && host.state !== "degraded" && (
              <span className="block text-muted">
                {t("lastReadAt")} <Exact at={host.seenAt} />
              </span>
            )}
          </span>
          {can("operator") && mayRetry(host) && (
            <RetryButton host={host.id} icon={<RefreshCw className="size-3.5" />} />
          )}
        </div>
      </Notice>
    </div>
  );
}
