"use client";

import "@/lib/text/late/inventory";
import { exact } from "@/lib/text/time";
import { useZonedText } from "../live/now";
import { useText } from "../ui/language";

/** Nobody may take what was recorded once for what is now: the word, and the moment of the recording. */
export function CaptureTag({ at }: { readonly at: number }) {
  const { t } = useText();
  // The server does not know the reader's time zone.
  const when = useZonedText(() => exact(at).slice(0, 16));
  return (
    <span
      data-testid="capture-tag"
      title={t("captureLong")}
      className="shrink-0 rounded border border-dashed border-line-strong px-1 text-2xs font-semibold text-muted"
    >
      {t("capture")} {when}
    </span>
  );
}
