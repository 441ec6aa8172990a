"use client";

import { ago, clock, duration, exact } from "@/lib/text/time";
import { useNow } from "../live/now";
import { useText } from "./language";

/** "3 min ago", exact on hover. */
export function Ago({ at, className }: { readonly at: number; readonly className?: string }) {
  const now = useNow();
  const { language } = useText();
  if (now === 0) return <time className={className}>…</time>;
  return (
    <time className={className} dateTime={iso(at)} title={exact(at)}>
      {ago(at, now, language)}
    </time>
  );
}

/** "since 14:03:09 (3 min)" without its first word, exact on hover. */
export function Since({ at, className }: { readonly at: number; readonly className?: string }) {
  const now = useNow();
  const { language } = useText();
  if (now === 0) return <time className={className}>…</time>;
  const old = now - at > 86_400_000;
  return (
    <time className={className} dateTime={iso(at)} title={exact(at)}>
      {old ? exact(at).slice(0, 16) : clock(at)} ({duration(now - at, language)})
    </time>
  );
}

/** The exact moment. Drawn only in the browser: the server does not know the reader's time zone. */
export function Exact({ at, className }: { readonly at: number; readonly className?: string }) {
  const now = useNow();
  return (
    <time className={className} dateTime={iso(at)}>
      {now === 0 ? "…" : exact(at)}
    </time>
  );
}

const iso = (at: number) => (Number.isFinite(at) ? new Date(at).toISOString() : undefined);
