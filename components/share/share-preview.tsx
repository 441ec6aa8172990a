"use client";

import "@/lib/text/late/acting";
import { useMemo } from "react";
import { seenIn } from "@/lib/share/seen";
import type { UiKey } from "@/lib/text/ui";
import type { HostSnapshot } from "@/lib/wire/model";
import type { MaskChoice } from "@/lib/wire/rest";
import { HostText } from "../ui/host-text";
import { useText } from "../ui/language";
import { previewKeyed } from "./preview-keyed";

const rows: readonly (readonly [keyof ReturnType<typeof seenIn>, UiKey])[] = [
  ["names", "previewNames"],
  ["addresses", "previewAddresses"],
  ["macs", "previewMacs"],
  ["evidence", "previewEvidence"],
];
const examples = 4;

/** What whoever opens the link will see, by the masks that are chosen. The masks of the link itself are drawn anew, so these stand for their kind. */
export function SharePreview({
  snapshot,
  madeBy,
  mask,
}: {
  readonly snapshot: HostSnapshot;
  readonly madeBy: string;
  readonly mask: MaskChoice;
}) {
  const { t } = useText();
  const seen = useMemo(
    () => seenIn({ version: 2, takenAt: snapshot.at, madeBy, note: "", snapshot }, mask, previewKeyed),
    [snapshot, madeBy, mask],
  );
  return (
    <section aria-label={t("previewTitle")} className="rounded border border-line" data-testid="share-preview">
      <h3 className="border-b border-line px-3 py-1.5 font-medium">{t("previewTitle")}</h3>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 px-3 py-2">
        {rows.map(([key, label]) => (
          <div key={key} className="contents">
            <dt className="text-muted">
              {t(label)} ({seen[key].length})
            </dt>
            <dd className="min-w-0 break-words" data-seen={key}>
              {seen[key].slice(0, examples).map((text, at) => (
                <span key={text}>
                  {at > 0 && ", "}
                  <HostText text={text} />
                </span>
              ))}
              {seen[key].length > examples && <span className="text-muted"> …</span>}
              {seen[key].length === 0 && <span className="text-muted">{t("none")}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
