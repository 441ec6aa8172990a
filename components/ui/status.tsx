"use client";

import clsx from "clsx";
import type { Status as StatusId } from "@/lib/graph/model";
import { stateWord, statusWord } from "@/lib/text/labels";
import type { HostState } from "@/lib/wire/model";
import { useText } from "./language";
import { StatusMark, statusText } from "./status-mark";

/** Status as mark and word. */
export function StatusLabel({ status, className }: { readonly status: StatusId; readonly className?: string }) {
  const { say } = useText();
  return (
    <span
      data-status={status}
      className={clsx("inline-flex items-center gap-1 whitespace-nowrap", statusText[status], className)}
    >
      <StatusMark status={status} />
      {say(statusWord[status])}
    </span>
  );
}

/** How a host's connection stands, as the status that draws it. */
export const stateStatus: Readonly<Record<HostState, StatusId>> = {
  connecting: "unknown",
  live: "ok",
  degraded: "warn",
  stale: "stale",
  unreachable: "stale",
  refused: "fail",
  failed: "fail",
  captured: "stale",
};

/** State of a host's connection as mark and word. */
export function HostStateLabel({ state, className }: { readonly state: HostState; readonly className?: string }) {
  const { say } = useText();
  const status = stateStatus[state];
  return (
    <span
      data-state={state}
      className={clsx("inline-flex items-center gap-1 whitespace-nowrap", statusText[status], className)}
    >
      <StatusMark status={status} />
      {say(stateWord[state])}
    </span>
  );
}
