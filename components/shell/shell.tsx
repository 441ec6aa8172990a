"use client";

import { type ReactNode, useEffect, useState } from "react";
import { LiveProvider, useLive } from "../live/live";
import { useText } from "../ui/language";
import { MeProvider, toLogin } from "./me";
import { OldPage } from "./old-page";
import { Palette } from "./palette";
import { TopBar } from "./top-bar";

/** What stands around every page for people with an account. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const { t } = useText();
  const [searching, setSearching] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setSearching((open) => !open);
      }
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  return (
    <MeProvider>
      <LiveProvider>
        <div className="flex h-dvh flex-col">
          <a
            href="#content"
            className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-2 focus:bg-surface focus:p-2"
          >
            {t("skipToContent")}
          </a>
          <TopBar onSearch={() => setSearching(true)} />
          <OldPage />
          <div id="content" className="flex min-h-0 flex-1 flex-col">
            {children}
          </div>
        </div>
        <TurnedAway />
        {searching && <Palette onClose={() => setSearching(false)} />}
      </LiveProvider>
    </MeProvider>
  );
}

/** A session that was ended elsewhere: nothing of it stays on the screen. */
function TurnedAway() {
  const away = useLive((s) => s.turnedAway !== undefined);
  useEffect(() => {
    if (away) toLogin();
  }, [away]);
  return null;
}
