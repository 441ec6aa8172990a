"use client";

import type { Core } from "cytoscape";
import { memo, type ReactNode, type RefObject, useLayoutEffect, useRef } from "react";
import type { Lane } from "@/lib/layout/lanes";
import { type Layout, laneGap, nodeHeight } from "@/lib/layout/place";
import type { UiKey } from "@/lib/text/ui";
import { visible } from "@/lib/text/visible";
import { useText } from "../ui/language";

const laneKey: Readonly<Record<Lane, UiKey>> = {
  switch: "laneSwitch",
  nic: "laneNic",
  bond: "laneBond",
  vlan: "laneVlan",
  bridge: "laneBridge",
  port: "lanePort",
  tap: "laneTap",
  vnic: "laneVnic",
  vm: "laneVm",
};

/** Room that a heading needs to be read, CSS pixels. */
const leastHeading = 40;

/**
 * What lies behind and above the drawing: the host's box and the lane headings. Plain elements that follow the canvas by transform, without
 * passing through React: panning stays as cheap as it is.
 */
export const Backdrop = memo(function Backdrop({
  layout,
  cy,
  host,
  note,
}: {
  readonly layout: Layout;
  readonly cy: RefObject<Core | undefined>;
  readonly host: string;
  readonly note: ReactNode;
}) {
  // Long: lanes, groups and their names are placed by one set of measures.
  const { t } = useText();
  const box = useRef<HTMLDivElement>(null);
  const heads = useRef<HTMLDivElement>(null);
  const { columns, top, bottom } = layout;
  const inside = columns.filter((c) => c.lane !== "switch");
  const [first, last] = [inside[0], inside.at(-1)];

  useLayoutEffect(() => {
    const core = cy.current;
    if (!core) return;
    const follow = () => {
      const zoom = core.zoom();
      const pan = core.pan();
      const frame = box.current;
      if (frame && first && last) {
        const left = first.x - first.width / 2 - 26;
        const right = last.x + last.width / 2 + 26;
        frame.style.transform = `translate(${pan.x + left * zoom}px, ${pan.y + (top - nodeHeight / 2 - 40) * zoom}px)`;
        frame.style.width = `${(right - left) * zoom}px`;
        frame.style.height = `${(bottom - top + nodeHeight + 68) * zoom}px`;
      }
      const row = heads.current;
      if (row)
        for (const [i, column] of columns.entries()) {
          const head = row.children[i];
          if (!(head instanceof HTMLElement)) continue;
          head.style.transform = `translateX(${pan.x + column.x * zoom}px) translateX(-50%)`;
          const room = (column.width + laneGap - 12) * zoom;
          head.style.width = `${room}px`;
          // From far away the lanes are narrower than their names: names on top of each other say less than none.
          head.style.visibility = room < leastHeading ? "hidden" : "visible";
        }
    };
    follow();
    core.on("viewport resize", follow);
    return () => {
      core.off("viewport resize", follow);
    };
  }, [cy, columns, first, last, top, bottom]);

  return (
    <>
      {first && (
        <div aria-hidden="true" className="pointer-events-none absolute inset-0 overflow-hidden">
          <div ref={box} className="absolute top-0 left-0 rounded-md border border-line-strong bg-surface">
            <p className="truncate px-2.5 pt-1.5 text-2xs font-medium text-muted">
              {visible(host)}
              {note && <span className="ml-2 text-unknown">{note}</span>}
            </p>
          </div>
        </div>
      )}
      <div
        ref={heads}
        data-testid="lanes"
        aria-hidden="true"
        className="pointer-events-none absolute inset-x-0 top-0 z-[1] h-6 overflow-hidden border-b border-line bg-ground"
      >
        {columns.map((c) => (
          <span key={c.lane} className="eyebrow absolute top-1 left-0 truncate text-center">
            {t(laneKey[c.lane])}
          </span>
        ))}
      </div>
    </>
  );
});
