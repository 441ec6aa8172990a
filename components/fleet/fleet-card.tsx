"use client";

import "@/lib/text/late/acting";
import clsx from "clsx";
import Link from "next/link";
import { messageOf } from "@/lib/text/findings";
import { visible } from "@/lib/text/visible";
import type { HostCard } from "@/lib/wire/model";
import { CaptureTag } from "../hosts/capture-tag";
import { DemoTag } from "../hosts/demo-tag";
import { subjectHref } from "../shell/search";
import { HostText } from "../ui/host-text";
import { useText } from "../ui/language";
import { Spark } from "../ui/spark";
import { HostStateLabel, stateStatus } from "../ui/status";
import { StatusMark, statusText } from "../ui/status-mark";
import { Since } from "../ui/time";

/** One host in a row of fixed columns: the eye runs down the marks, not over a heap of boxes. */
export function FleetCard({ card }: { readonly card: HostCard }) {
  // Long: the markup of one card, line by line.
  const { t, language } = useText();
  const { host, counts, top } = card;
  const silent = host.state !== "live" && host.state !== "captured";
  const first = top[0];
  return (
    <li
      data-host={host.id}
      data-status={card.worst}
      className="border-b border-line [content-visibility:auto] last:border-0"
    >
      <Link
        href={subjectHref(host.id)}
        className="grid grid-cols-[1.25rem_minmax(0,1fr)_auto] items-center gap-x-2 px-3 py-2 hover:bg-sunken md:grid-cols-[1.25rem_minmax(7rem,10rem)_minmax(0,1fr)_4.5rem] xl:grid-cols-[1.25rem_minmax(8rem,14rem)_minmax(0,1fr)_5.5rem_90px]"
      >
        <StatusMark
          status={silent && card.worst !== "fail" ? stateStatus[host.state] : card.worst}
          className="size-4"
        />
        <span className="min-w-0">
          <span className="flex items-center gap-1.5 font-medium">
            <HostText text={host.name} />
            {host.demo && <DemoTag />}
            {host.takenAt !== undefined && <CaptureTag at={host.takenAt} />}
          </span>
          <HostText text={host.address} mono className="block text-xs text-muted" />
        </span>
        <span className="col-span-3 col-start-2 row-start-2 min-w-0 md:col-span-1 md:col-start-3 md:row-start-1">
          {silent && (
            <span className="flex min-w-0 items-center gap-2 text-xs">
              <HostStateLabel state={host.state} />
              <span className="line-clamp-2 min-w-0 break-words text-muted" title={host.reason && visible(host.reason)}>
                <Since at={host.since} /> {host.reason && visible(host.reason)}
              </span>
            </span>
          )}
          {first && (
            <HostText
              text={messageOf(first, language)}
              className={clsx("line-clamp-2 whitespace-normal", statusText[first.status])}
            />
          )}
          {first && (first.impacts > 0 || top.length > 1) && (
            <span className="flex gap-2 text-xs text-muted">
              {first.impacts > 0 && (
                <span className="font-medium text-warn">
                  {t(first.impacts === 1 ? "guestImpacted" : "guestsImpacted", { count: first.impacts })}
                </span>
              )}
              {top.length > 1 && (
                <span>{t("andMore", { count: Math.max(counts.problems + counts.warnings, top.length) - 1 })}</span>
              )}
            </span>
          )}
          {!silent && !first && (
            <span className="text-muted">
              {counts.unknown > 0 ? t("allWellBut", { count: counts.unknown }) : t("allWell")}
            </span>
          )}
        </span>
        <span className="text-right text-xs whitespace-nowrap text-muted">
          {t(counts.vms === 1 ? "vmCountOne" : "vmCount", { count: counts.vms })}
          {counts.warnings > 0 && (
            <span className="block text-warn">
              {t(counts.warnings === 1 ? "warningCountOne" : "warningCount", { count: counts.warnings })}
            </span>
          )}
        </span>
        <span className="hidden xl:block">
          <Spark values={card.spark} label={t("sparkLabel", { count: card.spark.reduce((a, b) => a + b, 0) })} />
        </span>
      </Link>
    </li>
  );
}
