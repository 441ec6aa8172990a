"use client";

import "@/lib/text/late/adding";
import { type NodeKind, nodeKind } from "@/lib/graph/kinds";
import { wordOfKind } from "@/lib/text/labels";
import { visible } from "@/lib/text/visible";
import type { TestResult } from "@/lib/wire/rest";
import { Button } from "../ui/button";
import { HostText } from "../ui/host-text";
import { useText } from "../ui/language";
import { Notice } from "../ui/notice";
import { StatusMark } from "../ui/status-mark";

type Found = Extract<TestResult, { kind: "found" }>;

/** What a first look found, and what it could not read and why, before anything is saved. */
export function FoundStep({
  found,
  busy,
  onSave,
  onBack,
}: {
  readonly found: Found;
  readonly busy: boolean;
  readonly onSave: () => void;
  readonly onBack: () => void;
}) {
  const { t, say } = useText();
  const word = (kind: string) => (Object.hasOwn(nodeKind, kind) ? say(wordOfKind(kind as NodeKind)) : visible(kind));
  const counts = Object.entries(found.counts).filter(([, n]) => n > 0);
  return (
    <section aria-labelledby="found-heading" className="flex flex-col gap-4">
      <div>
        <h2 id="found-heading" className="flex items-center gap-2 text-base font-semibold">
          <StatusMark status="ok" className="size-4" />
          <HostText text={found.hostname} />
        </h2>
        <p className="text-muted">
          {visible(found.os)} · {t(found.root ? "asRoot" : "notRoot")}
        </p>
      </div>
      <dl className="grid grid-cols-2 gap-x-6 sm:grid-cols-4">
        {counts.map(([kind, n]) => (
          <div key={kind} className="flex justify-between border-b border-line py-1">
            <dt className="text-muted">{word(kind)}</dt>
            <dd className="mono">{n}</dd>
          </div>
        ))}
        {counts.length === 0 && <p className="text-muted">{t("foundNothing")}</p>}
      </dl>
      {found.unread.length > 0 && (
        <Notice look="warn">
          <p className="font-medium">{t("couldNotRead")}</p>
          <ul className="mt-1 flex flex-col gap-0.5">
            {found.unread.map((u) => (
              <li key={u.probe} className="break-words">
                <code>{visible(u.probe)}</code> <span className="text-muted">{visible(u.why)}</span>
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <div className="flex gap-2">
        <Button look="primary" disabled={busy} onClick={onSave}>
          {t("saveHost")}
        </Button>
        <Button disabled={busy} onClick={onBack}>
          {t("back")}
        </Button>
      </div>
    </section>
  );
}
