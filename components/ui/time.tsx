"use client";

import { ago, clock, duration, exact } from "@/lib/text/time";
import { noTimeYet, useTimeText, useZonedText } from "../live/now";
import { useText } from "./language";

interface TimeProps {
  /** Unix ms. */
  readonly at: number;
  readonly className?: string;
}

/** "3 min ago", exact on hover. */
export function Ago({ at, className }: TimeProps) {
  const { language } = useText();
  return (
    <Hover at={at} className={className}>
      {useTimeText((now) => ago(at, now, language))}
    </Hover>
  );
}

/** "since 14:03:09 (3 min)" without its first word, exact on hover. */
export function Since({ at, className }: TimeProps) {
  const { language } = useText();
  const text = useTimeText((now) => {
    const old = now - at > 86_400_000;
    return `${old ? exact(at).slice(0, 16) : clock(at)} (${duration(now - at, language)})`;
  });
  return (
    <Hover at={at} className={className}>
      {text}
    </Hover>
  );
}

/** The exact moment. Drawn only in the browser: the server does not know the reader's time zone. */
export function Exact({ at, className }: TimeProps) {
  const text = useZonedText(() => exact(at));
  return (
    <time className={className} dateTime={iso(at)}>
      {text}
    </time>
  );
}

function Hover({ at, className, children }: TimeProps & { readonly children: string }) {
  if (children === noTimeYet) return <time className={className}>{children}</time>;
  return (
    <time className={className} dateTime={iso(at)} title={exact(at)}>
      {children}
    </time>
  );
}

const iso = (at: number) => (Number.isFinite(at) ? new Date(at).toISOString() : undefined);
