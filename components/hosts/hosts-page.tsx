"use client";

import "@/lib/text/late/inventory";
import { ArrowDown, ArrowUp, FileUp, Plus, Trash2 } from "lucide-react";
import Link from "next/link";
import { useMemo, useState } from "react";
import { bySeverity } from "@/lib/graph/model";
import { reasonWording } from "@/lib/text/reasons";
import { visible } from "@/lib/text/visible";
import type { HostCard, HostInfo } from "@/lib/wire/model";
import { route as removeHost } from "@/lib/wire/routes/remove-host";
import { call } from "../api/client";
import { useLive } from "../live/live";
import { fleetOf } from "../live/state";
import { useMe } from "../shell/me";
import { subjectHref } from "../shell/search";
import { Button } from "../ui/button";
import { Confirm } from "../ui/confirm";
import { HostText } from "../ui/host-text";
import { useText } from "../ui/language";
import { More } from "../ui/more";
import { Empty, Page, Skeleton } from "../ui/page";
import { HostStateLabel, StatusLabel } from "../ui/status";
import { Ago, Since } from "../ui/time";
import { useUrlState } from "../ui/url-state";
import { CaptureTag } from "./capture-tag";
import { DemoTag } from "./demo-tag";
import { ImportKeys } from "./import-keys";
import { OpenCapture } from "./open-capture";
import { RetryButton } from "./retry-button";

const natural = new Intl.Collator("en", { numeric: true });
const orders = {
  name: (a: HostCard, b: HostCard) => natural.compare(a.host.name, b.host.name),
  address: (a: HostCard, b: HostCard) => natural.compare(a.host.address, b.host.address),
  state: (a: HostCard, b: HostCard) => a.host.state.localeCompare(b.host.state),
  status: (a: HostCard, b: HostCard) => bySeverity(a.worst, b.worst),
  vms: (a: HostCard, b: HostCard) => b.counts.vms - a.counts.vms,
  seen: (a: HostCard, b: HostCard) => (b.host.seenAt ?? 0) - (a.host.seenAt ?? 0),
} as const;
type Order = keyof typeof orders;

/** Rows drawn before "more": a search is quicker than scrolling through a thousand, and each costs the browser some thirty elements. */
const firstRows = 200;

/** The inventory: every host with its state, the reason for it and since when. */
export function HostsPage() {
  const { t } = useText();
  const { can } = useMe();
  const url = useUrlState();
  const fleet = useLive(fleetOf);
  const [leaving, setLeaving] = useState<HostInfo>();
  const [importing, setImporting] = useState(false);
  const [opening, setOpening] = useState(false);
  const [all, setAll] = useState(false);
  const question = (url.get("q") ?? "").toLowerCase();
  const { order, down } = orderOf(url.get("sort"));
  const cards = useMemo(() => sorted(fleet?.values() ?? [], question, order, down), [fleet, order, down, question]);
  const shown = all ? cards : cards.slice(0, firstRows);
  return (
    <Page
      title={t("navHosts")}
      actions={
        <>
          <input
            className="control max-w-56"
            placeholder={t("filter")}
            aria-label={t("filter")}
            value={url.get("q") ?? ""}
            onChange={(e) => url.set({ q: e.target.value }, true)}
          />
          {can("admin") && <AdminActions onImport={() => setImporting(true)} onOpen={() => setOpening(true)} />}
        </>
      }
    >
      {!fleet && <Skeleton rows={8} label={t("loading")} />}
      {fleet && cards.length === 0 && (
        <Empty title={t(question ? "nothingFound" : "noHosts")}>{!question && <p>{t("noHostsLong")}</p>}</Empty>
      )}
      {cards.length > 0 && (
        <div className="overflow-x-auto rounded border border-line bg-surface">
          <HostTable cards={shown} order={order} down={down} onRemove={can("admin") ? setLeaving : undefined} />
          <More left={cards.length - shown.length} onAll={() => setAll(true)} />
        </div>
      )}
      {opening && <OpenCapture onClose={() => setOpening(false)} />}
      {importing && <ImportKeys onClose={() => setImporting(false)} />}
      {leaving && (
        <Confirm
          title={t("removeHost", { host: visible(leaving.name) })}
          action={t("remove")}
          type={leaving.id}
          onClose={() => setLeaving(undefined)}
          onConfirm={async () => {
            await call(removeHost, { params: { id: leaving.id } });
          }}
        >
          <p>{t(leaving.takenAt === undefined ? "removeHostLong" : "removeCaptureLong")}</p>
        </Confirm>
      )}
    </Page>
  );
}

/** The order that the address names, by name where it names none; with a dash the other way round. */
function orderOf(asked: string | null | undefined): { readonly order: Order; readonly down: boolean } {
  const text = asked ?? "name";
  const order = (Object.keys(orders) as Order[]).find((one) => one === text.replace(/^-/, "")) ?? "name";
  return { order, down: text.startsWith("-") };
}

function sorted(cards: Iterable<HostCard>, question: string, order: Order, down: boolean): HostCard[] {
  const rows = [...cards].filter((c) =>
    `${c.host.name} ${c.host.id} ${c.host.address} ${c.host.state} ${labelsOf(c.host)}`
      .toLowerCase()
      .includes(question),
  );
  rows.sort((a, b) => orders[order](a, b) || natural.compare(a.host.id, b.host.id));
  return down ? rows.reverse() : rows;
}

function AdminActions({ onImport, onOpen }: { readonly onImport: () => void; readonly onOpen: () => void }) {
  const { t } = useText();
  return (
    <>
      <Button onClick={onImport}>{t("importKeys")}</Button>
      <Button onClick={onOpen} icon={<FileUp className="size-4" />}>
        {t("openCapture")}
      </Button>
      <Link
        href="/hosts/add"
        className="inline-flex h-8 items-center gap-1.5 rounded bg-accent px-2.5 font-medium text-accent-text hover:opacity-90"
      >
        <Plus aria-hidden="true" className="size-4" />
        {t("addHost")}
      </Link>
    </>
  );
}

function HostTable({
  cards,
  order,
  down,
  onRemove,
}: {
  readonly cards: readonly HostCard[];
  readonly order: Order;
  readonly down: boolean;
  readonly onRemove: ((host: HostInfo) => void) | undefined;
}) {
  const { t } = useText();
  const url = useUrlState();
  const head = (id: Order, name: string, className?: string) => (
    <th scope="col" className={className} aria-sort={order === id ? (down ? "descending" : "ascending") : undefined}>
      <button
        type="button"
        className="inline-flex items-center gap-1 hover:text-text"
        onClick={() => url.set({ sort: order === id && !down ? `-${id}` : id }, true)}
      >
        {name}
        {order === id && (down ? <ArrowDown className="size-3" /> : <ArrowUp className="size-3" />)}
      </button>
    </th>
  );
  return (
    <table className="data">
      <thead>
        <tr>
          {head("name", t("name"))}
          {head("address", t("address"))}
          {head("state", t("connectionState"))}
          {head("status", t("worst"))}
          {head("vms", t("vms"), "text-right")}
          {head("seen", t("lastRead"))}
          <th scope="col">
            <span className="sr-only">{t("actions")}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {cards.map((card) => (
          <HostRow key={card.host.id} card={card} onRemove={onRemove} />
        ))}
      </tbody>
    </table>
  );
}

const labelsOf = ({ labels }: HostInfo) =>
  Object.entries(labels ?? {})
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");

function HostRow({ card, onRemove }: { readonly card: HostCard; readonly onRemove?: (host: HostInfo) => void }) {
  const { t, say } = useText();
  const { can } = useMe();
  const { host } = card;
  const waits = host.takenAt === undefined && ["unreachable", "refused", "stale", "failed"].includes(host.state);
  return (
    <tr data-host={host.id}>
      <td>
        <span className="flex max-w-64 items-center gap-1.5">
          <Link href={subjectHref(host.id)} className="flex min-w-0 font-medium text-accent hover:underline">
            <HostText text={host.name} />
          </Link>
          {host.demo && <DemoTag />}
          {host.takenAt !== undefined && <CaptureTag at={host.takenAt} />}
        </span>
      </td>
      <td>
        <HostText text={host.address} mono />
        {host.labels && <HostText text={labelsOf(host)} className="block max-w-64 text-xs text-muted" />}
      </td>
      <td className="max-w-96">
        <span className="flex flex-wrap items-center gap-x-2">
          <HostStateLabel state={host.state} />
          <span className="text-xs text-muted">
            <Since at={host.since} />
          </span>
        </span>
        {host.reason && <p className="text-xs break-words text-muted">{visible(say(reasonWording(host.reason)))}</p>}
      </td>
      <td>
        <StatusLabel status={card.worst} />
      </td>
      <td className="text-right">{card.counts.vms}</td>
      <td className="whitespace-nowrap text-muted">{host.seenAt === null ? t("never") : <Ago at={host.seenAt} />}</td>
      <td>
        <span className="flex justify-end gap-1">
          {waits && can("operator") && <RetryButton host={host.id} />}
          {onRemove && (
            <Button
              small
              look="quiet"
              aria-label={t("removeHost", { host: visible(host.name) })}
              title={t("remove")}
              onClick={() => onRemove(host)}
              icon={<Trash2 className="size-3.5" />}
            />
          )}
        </span>
      </td>
    </tr>
  );
}
