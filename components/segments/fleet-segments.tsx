"use client";

import { useMemo } from "react";
import { useLive, useWatch } from "../live/live";
import { useText } from "../ui/language";
import { SegmentList, segmentsIn } from "./segment-list";

/** Beside the hosts: which of them share a layer-2 segment, the widest first. Nothing where nothing tells. */
export function FleetSegments() {
  const { t } = useText();
  useWatch("segments");
  const all = useLive(segmentsIn);
  const segments = useMemo(
    () => [...(all?.values() ?? [])].sort((a, b) => b.hosts - a.hosts || b.guests - a.guests || (a.id < b.id ? -1 : 1)),
    [all],
  );
  if (segments.length === 0) return null;
  return (
    <section aria-labelledby="fleet-segments" className="rounded border border-line bg-surface">
      <h2 id="fleet-segments" className="eyebrow border-b border-line px-3 py-2">
        {t("segmentsShared", { count: segments.length })}
      </h2>
      <SegmentList segments={segments} />
    </section>
  );
}
