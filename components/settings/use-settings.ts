"use client";

import { useEffect, useRef } from "react";
import { route as listSettings } from "@/lib/wire/routes/list-settings";
import type { SettingList } from "@/lib/wire/settings";
import { type Load, useLoad } from "../api/use-load";
import { useLive } from "../live/live";

/** The thresholds as they are: loaded when the page opens, and again as soon as anybody has changed one. */
export function useSettings(): [Load<SettingList>, () => void] {
  const [load, reload] = useLoad(listSettings, {});
  const round = useLive((state) => state.settingsRound);
  const seen = useRef(round);
  useEffect(() => {
    if (seen.current === round) return;
    seen.current = round;
    reload();
  }, [round, reload]);
  return [load, reload];
}
