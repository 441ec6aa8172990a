"use client";

import type { Attributes } from "@/lib/graph/attributes";
import type { Json } from "@/lib/graph/model";
import { attributesOfEither, describedIn, onOneLine, wordOfAttribute } from "@/lib/text/attributes";
import type { Change } from "@/lib/text/changes";
import { titleOf } from "@/lib/text/findings";
import { findingWord, statusWord } from "@/lib/text/labels";
import { shorten, visible } from "@/lib/text/visible";
import { type Text, useText } from "../ui/language";
import { Ago } from "../ui/time";
import { PastProblems } from "./past-problems";
import type { Subject } from "./subject";

const shownChanges = 200;

/** What changed while this browser looked, and which problems there were before; newest first. */
export function ChangesTab(props: { readonly changes: readonly Change[]; readonly subject: Subject }) {
  const { subject } = props;
  const host = subject.node?.host ?? subject.edge?.host;
  return (
    <>
      <Seen {...props} />
      {host !== undefined && <PastProblems host={host} subject={subject.id} />}
    </>
  );
}

function Seen({ changes, subject }: { readonly changes: readonly Change[]; readonly subject: Subject }) {
  const text = useText();
  const known = attributesOfEither(subject);
  const own = changes
    .filter((c) => c.subject === subject.id)
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
          <span className="break-words">{sentence(c, text, known)}</span>
        </li>
      ))}
    </ol>
  );
}

/** An attribute with what it was and what it is, in its kind's words. A node's name changes too, and is no attribute. */
function attributeSentence(name: string, values: readonly (Json | undefined)[], { t, say }: Text, known: Attributes) {
  const described = describedIn(known, name);
  const word = name === "name" ? t("name") : visible(say(wordOfAttribute(described, name)));
  const words = { yes: t("yes"), no: t("no"), say };
  return `${word}: ${values.map((value) => shorten(visible(onOneLine(described, value, words)), 80)).join(" → ")}`;
}

function sentence({ what }: Change, text: Text, known: Attributes): string {
  const { t, say, language } = text;
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
      return attributeSentence(what.name, [what.from, what.to], text, known);
    case "finding":
      return `${say(findingWord[what.status])}: ${titleOf(what.check, language)}`;
    case "cleared":
      return t("changeCleared", { check: titleOf(what.check, language) });
    case "state":
      return `${t("state")}: ${what.from} → ${what.to}${what.reason ? ` (${visible(what.reason)})` : ""}`;
  }
}
