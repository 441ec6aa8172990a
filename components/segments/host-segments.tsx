"use client";

import { useCallback, useMemo } from "react";
import type { FleetSegment } from "@/lib/fleet/segment";
import { useLive, useWatch } from "../live/live";
import { useText } from "../ui/language";
import { useUrlState } from "../ui/url-state";
import { SegmentList, segmentsIn } from "./segment-list";

/** Under the problems of a host: what it shares with which others. Nothing where nothing tells. */
export function HostSegments({ host }: { readonly host: string }) {
  const { t } = useText();
  const url = useUrlState();
  const { set } = url;
  const choose = useCallback((node: string) => set({ sel: node, tab: undefined }), [set]);
  useWatch("segments");
  const all = useLive(segmentsIn);
  const segments = useMemo(() => segmentsOf(all?.values() ?? [], host), [all, host]);
  if (segments.length === 0) return null;
  return (
    <section aria-labelledby="host-segments" className="border-t border-line">
      <h2 id="host-segments" className="eyebrow px-3 py-2">
        {t("segmentsShared", { count: segments.length })}
      </h2>
      <SegmentList segments={segments} host={host} chosen={url.get("sel")} onChoose={choose} />
    </section>
  );
}

const isIn = (segment: FleetSegment, host: string) =>
  segment.members.some((member) => member.host === host) || segment.rest.includes(host);

/** Those that a host has a part in, by tag: the untagged one first. */
const segmentsOf = (all: Iterable<FleetSegment>, host: string): FleetSegment[] =>
  [...all]
    .filter((segment) => isIn(segment, host))
    .sort((a, b) => (a.vlan ?? 0) - (b.vlan ?? 0) || (a.id < b.id ? -1 : 1));
