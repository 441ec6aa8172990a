"use client";

import { memo } from "react";
import type { Status } from "@/lib/graph/model";
import { StatusLabel } from "../ui/status";

const shown: readonly Status[] = ["fail", "warn", "impacted", "unknown", "stale", "ok"];

/** What the marks mean, in one quiet line. */
export const Legend = memo(function Legend() {
  return (
    <ul className="hidden items-center gap-3 text-2xs xl:flex">
      {shown.map((status) => (
        <li key={status}>
          <StatusLabel status={status} />
        </li>
      ))}
    </ul>
  );
});
