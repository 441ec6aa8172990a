"use client";

import type { Json } from "@/lib/graph/model";
import type { Change } from "@/lib/text/changes";
import { titleOf } from "@/lib/text/findings";
import { findingWord, statusWord } from "@/lib/text/labels";
import { shorten, visible } from "@/lib/text/visible";
import { type Text, useText } from "../ui/language";
import { Ago } from "../ui/time";

const shownChanges = 200;

/** What changed while this browser looked, newest first. */
export function ChangesTab({ changes, subject }: { readonly changes: readonly Change[]; readonly subject: string }) {
  const text = useText();
  const own = changes
    .filter((c) => c.subject === subject)
    .slice(-shownChanges)
    .reverse();
  if (own.length === 0) return <p className="px-4 py-3 text-muted">{text.t("noChanges")}</p>;
  return (
    <ol className="px-4 py-2">
      {own.map((c, i) => (
        <li
          // biome-ignore lint/suspicious/noArrayIndexKey: two equal changes in one delta are still two rows.
          key={`${c.seq}-${i}`}
          className="grid grid-cols-[5.5rem_minmax(0,1fr)] gap-2 border-b border-line py-1 last:border-0"
        >
          <Ago at={c.at} className="text-muted" />
          <span className="break-words">{sentence(c, text)}</span>
        </li>
      ))}
    </ol>
  );
}

const brief = (value: Json | undefined): string =>
  value === undefined ? "-" : shorten(visible(typeof value === "string" ? value : JSON.stringify(value)), 80);

function sentence({ what }: Change, { t, say, language }: Text): string {
  switch (what.kind) {
    case "appeared":
      return t("changeAppeared");
    case "gone":
      return t("changeGone");
    case "present":
      return t(what.to ? "changePresent" : "changeAbsent");
    case "status":
      return `${t("status")}: ${say(statusWord[what.from])} → ${say(statusWord[what.to])}`;
    case "attribute":
      return `${visible(what.name)}: ${brief(what.from)} → ${brief(what.to)}`;
    case "finding":
      return `${say(findingWord[what.status])}: ${titleOf(what.check, language)}`;
    case "cleared":
      return t("changeCleared", { check: titleOf(what.check, language) });
    case "state":
      return `${t("state")}: ${what.from} → ${what.to}${what.reason ? ` (${visible(what.reason)})` : ""}`;
  }
}
