"use client";

import "@/lib/text/late/acting";
import { Plus } from "lucide-react";
import Link from "next/link";
import { useMemo, useState } from "react";
import { messageOf } from "@/lib/text/findings";
import { numberText } from "@/lib/text/number";
import type { UiKey } from "@/lib/text/ui";
import { type HostCard, isWhatItSays } from "@/lib/wire/model";
import { useLive } from "../live/live";
import { fleetOf } from "../live/state";
import { FleetSegments } from "../segments/fleet-segments";
import { useMe } from "../shell/me";
import { subjectHref } from "../shell/search";
import { HostText } from "../ui/host-text";
import { useText } from "../ui/language";
import { More } from "../ui/more";
import { Page, Skeleton } from "../ui/page";
import { StatusMark } from "../ui/status-mark";
import { Ago } from "../ui/time";
import { DemoBar } from "./demo-bar";
import { FleetCard } from "./fleet-card";
import { type FleetProblem, fleetProblems, worstFirst } from "./order";
import { Welcome } from "./welcome";

/** Cards drawn before "more": a page of thousands of rows helps nobody and costs every browser. */
const firstCards = 120;
const firstProblems = 40;

/** All hosts, worst first, and what is broken on them. */
export function FleetPage() {
  const { t } = useText();
  const { can } = useMe();
  const fleet = useLive(fleetOf);
  const [all, setAll] = useState(false);
  const cards = useMemo(() => worstFirst([...(fleet?.values() ?? [])]), [fleet]);
  const problems = useMemo(() => fleetProblems(cards), [cards]);
  if (!fleet)
    return (
      <Page title={t("navFleet")}>
        <Skeleton rows={8} label={t("loading")} />
      </Page>
    );
  if (cards.length === 0) return <Welcome />;
  const shown = all ? cards : cards.slice(0, firstCards);
  return (
    <Page
      title={
        <>
          {t("navFleet")} <Totals cards={cards} />
        </>
      }
      actions={
        can("admin") && (
          <Link
            href="/hosts/add"
            className="inline-flex h-8 items-center gap-1.5 rounded border border-line-strong bg-surface px-2.5 font-medium hover:bg-sunken"
          >
            <Plus aria-hidden="true" className="size-4" />
            {t("addHost")}
          </Link>
        )
      }
    >
      {cards.some((c) => c.host.demo) && <DemoBar />}
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <section aria-label={t("hosts")} className="rounded border border-line bg-surface">
          <ul data-testid="cards">
            {shown.map((card) => (
              <FleetCard key={card.host.id} card={card} />
            ))}
          </ul>
          <More left={cards.length - shown.length} onAll={() => setAll(true)} />
        </section>
        <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4">
          <FleetProblems problems={problems} />
          <FleetSegments />
        </div>
      </div>
    </Page>
  );
}

function Totals({ cards }: { readonly cards: readonly HostCard[] }) {
  const { t, language } = useText();
  // A capture is of another day: it adds nothing to what there is now.
  const hosts = cards.filter((c) => c.host.state !== "captured");
  const captures = cards.length - hosts.length;
  const sum = (of: (c: HostCard) => number) => hosts.reduce((total, c) => total + of(c), 0);
  const say = (one: UiKey, many: UiKey, count: number) =>
    t(count === 1 ? one : many, { count: numberText(count, language) });
  const vms = sum((c) => c.counts.vms);
  const problems = sum((c) => c.counts.problems);
  const silent = hosts.filter((c) => !isWhatItSays(c.host.state)).length;
  const parts = [
    say("totalHostsOne", "totalHosts", hosts.length),
    say("vmCountOne", "totalVms", vms),
    say("totalProblemsOne", "totalProblems", problems),
    ...(silent ? [t("totalSilent", { count: silent })] : []),
    ...(captures ? [say("totalCapturesOne", "totalCaptures", captures)] : []),
  ];
  return <span className="ml-2 font-normal text-muted">{parts.join(" · ")}</span>;
}

function FleetProblems({ problems }: { readonly problems: readonly FleetProblem[] }) {
  const { t, language } = useText();
  return (
    <section aria-labelledby="fleet-problems" className="rounded border border-line bg-surface">
      <h2 id="fleet-problems" className="eyebrow border-b border-line px-3 py-2">
        {t("problemsCount", { count: problems.length })}
      </h2>
      {problems.length === 0 && <p className="px-3 py-4 text-muted">{t("noProblems")}</p>}
      <ul>
        {problems.slice(0, firstProblems).map(({ host, problem }) => (
          <li key={`${host.id} ${problem.key}`} className="border-b border-line last:border-0">
            <Link
              href={subjectHref(host.id, problem.subject)}
              className="flex items-start gap-2 px-3 py-2 hover:bg-sunken"
            >
              <StatusMark status={problem.status} className="mt-[3px]" />
              <span className="min-w-0 flex-1">
                <HostText text={messageOf(problem, language)} className="line-clamp-2 block whitespace-normal" />
                {/* A long name takes a line of its own: cut off, the hosts of a fleet all look the same. */}
                <span className="flex flex-wrap gap-x-2 text-xs text-muted">
                  <HostText text={host.name} />
                  {problem.impacts > 0 && (
                    <span className="shrink-0 font-medium text-warn">
                      {t(problem.impacts === 1 ? "guestImpacted" : "guestsImpacted", { count: problem.impacts })}
                    </span>
                  )}
                  <Ago at={problem.since} className="shrink-0" />
                </span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {problems.length > firstProblems && (
        <p className="px-3 py-2 text-muted">{t("andMore", { count: problems.length - firstProblems })}</p>
      )}
    </section>
  );
}
