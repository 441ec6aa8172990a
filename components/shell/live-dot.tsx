"use client";

import clsx from "clsx";
import { clock, exact } from "@/lib/text/time";
import { useLiveness } from "../live/live";
import { useText } from "../ui/language";

/** Green means: this browser has every change up to now. Everything else says in words what is missing and since when. */
export function LiveDot() {
  const { t } = useText();
  const live = useLiveness();
  const words = {
    live: () => t("live"),
    connecting: () => t("liveConnecting"),
    "catching-up": () => t("liveCatchingUp"),
    "turned-away": () => t("liveTurnedAway"),
    reconnecting: (at: string) => t("liveReconnecting", { at }),
    silent: (at: string) => t("liveSilent", { at }),
    "collector-down": (at: string) => t("liveCollectorDown", { at }),
  };
  const text = words[live.kind]("since" in live ? clock(live.since) : "");
  return (
    <span
      data-testid="live-dot"
      data-live={live.kind}
      role="status"
      title={"since" in live ? exact(live.since) : t("liveTitle")}
      className={clsx(
        "inline-flex items-center gap-1.5 text-xs whitespace-nowrap",
        live.kind === "live" ? "text-muted" : "font-medium text-warn",
      )}
    >
      <span
        aria-hidden="true"
        className={clsx(
          "size-2",
          live.kind === "live" ? "rounded-full bg-ok-mark" : "rotate-45 bg-warn-mark",
          live.kind === "catching-up" && "animate-pulse",
        )}
      />
      {text}
    </span>
  );
}
