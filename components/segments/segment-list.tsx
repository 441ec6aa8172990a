"use client";

import { Cable } from "lucide-react";
import Link from "next/link";
import { memo, type ReactNode, useState } from "react";
import type { FleetSegment, SegmentMember } from "@/lib/fleet/segment";
import { evidenceText, segmentName } from "@/lib/text/segments";
import { visible } from "@/lib/text/visible";
import { type LiveState, viewOf } from "../live/state";
import { subjectHref } from "../shell/search";
import { HostText } from "../ui/host-text";
import { useText } from "../ui/language";
import { More } from "../ui/more";

/** Segments and hosts of each that are listed before "more". */
const firstSegments = 12;
const firstHosts = 5;

/** All that this browser knows of; undefined until they came. */
export const segmentsIn = (state: LiveState) => viewOf(state, "segments");

/** Segments that hosts share. On a host's page (`host`) each names the others that are in it, and its own node. */
export const SegmentList = memo(function SegmentList({
  segments,
  host,
  chosen,
  onChoose,
}: {
  readonly segments: readonly FleetSegment[];
  readonly host?: string;
  readonly chosen?: string | undefined;
  readonly onChoose?: (node: string) => void;
}) {
  const [all, setAll] = useState(false);
  const shown = all ? segments : segments.slice(0, firstSegments);
  return (
    <>
      <ul data-testid="segments">
        {shown.map((segment) => (
          <SegmentRow key={segment.id} segment={segment} host={host} chosen={chosen} onChoose={onChoose} />
        ))}
      </ul>
      <More left={segments.length - shown.length} onAll={() => setAll(true)} />
    </>
  );
});

function SegmentRow({
  segment,
  host,
  chosen,
  onChoose,
}: {
  readonly segment: FleetSegment;
  readonly host: string | undefined;
  readonly chosen: string | undefined;
  readonly onChoose: ((node: string) => void) | undefined;
}) {
  const { t, say, language } = useText();
  const own = segment.members.find((member) => member.host === host);
  const others = segment.members.filter((member) => member.host !== host);
  const hosts = host === undefined ? segment.hosts : segment.hosts - 1;
  const left = hosts - Math.min(others.length, firstHosts);
  return (
    <li data-segment={segment.id} className="border-b border-line px-3 py-2 last:border-0">
      <div className="flex items-start gap-2">
        <Cable aria-hidden="true" className="mt-0.5 size-3.5 shrink-0 text-muted" />
        <div className="min-w-0 flex-1">
          <Title own={onChoose && own} chosen={chosen} onChoose={onChoose}>
            <span className="font-medium">{visible(say(segmentName(segment)))}</span>
          </Title>
          <p className="text-xs text-muted">
            {t(hosts === 1 ? "segmentHostsOne" : host === undefined ? "segmentHosts" : "segmentOthers", {
              count: hosts,
            })}
            {" · "}
            {t(segment.guests === 1 ? "vmCountOne" : "vmCount", { count: segment.guests })}
          </p>
          <ul className="mt-0.5">
            {others.slice(0, firstHosts).map((member) => (
              <li key={member.at}>
                <MemberLink member={member} />
              </li>
            ))}
          </ul>
          {left > 0 && <p className="text-xs text-muted">{t("andMore", { count: left })}</p>}
          {segment.evidence.length > 0 && (
            <details className="mt-0.5">
              <summary className="text-xs text-muted hover:text-text">{t("segmentWhy")}</summary>
              <ul className="text-xs text-muted">
                {segment.evidence.map((evidence) => (
                  <li key={JSON.stringify(evidence)} className="break-words">
                    {visible(evidenceText(evidence, language))}
                  </li>
                ))}
              </ul>
            </details>
          )}
        </div>
      </div>
    </li>
  );
}

/** On the host's own page, the way to its node. */
function Title({
  own,
  chosen,
  onChoose,
  children,
}: {
  readonly own: SegmentMember | undefined;
  readonly chosen: string | undefined;
  readonly onChoose: ((node: string) => void) | undefined;
  readonly children: ReactNode;
}) {
  if (!own || !onChoose) return <div>{children}</div>;
  return (
    <button
      type="button"
      aria-pressed={chosen === own.at}
      className="flex max-w-full items-baseline gap-1.5 text-left hover:underline"
      onClick={() => onChoose(own.at)}
    >
      {children}
      <HostText text={own.port} mono className="text-xs text-muted" />
    </button>
  );
}

function MemberLink({ member }: { readonly member: SegmentMember }) {
  const { t } = useText();
  const more = member.guests - member.some.length;
  const guests = [...member.some.map((name) => visible(name)), ...(more > 0 ? [t("andMore", { count: more })] : [])];
  return (
    <Link
      href={subjectHref(member.host, member.at)}
      className="flex min-w-0 items-baseline gap-1.5 text-xs hover:underline"
    >
      <HostText text={member.name} className="shrink-0 text-accent" />
      <span className="min-w-0 truncate text-muted">{guests.join(", ")}</span>
    </Link>
  );
}
