"use client";

import type { ReactNode } from "react";
import { becauseOf, messageOf, titleOf } from "@/lib/text/findings";
import { visible } from "@/lib/text/visible";
import { HostText } from "../ui/host-text";
import { useText } from "../ui/language";
import { StatusMark } from "../ui/status-mark";
import { type FindingActions, FindingView } from "./finding-view";
import type { Subject } from "./subject";

/** Failing checks first, whole; then why it is cut off; then unknown and passing ones, folded. */
export function ChecksTab({ subject, actions }: { readonly subject: Subject; readonly actions: FindingActions }) {
  const { t, language } = useText();
  const { failing, unknown, passed, cutBy } = subject;
  return (
    <div>
      {cutBy.map((f) => (
        <div key={f.key} className="border-b border-line px-4 py-3">
          <p className="flex items-center gap-2 font-medium text-warn">
            <StatusMark status="impacted" />
            {t("cutOffBy")}
          </p>
          <button
            type="button"
            onClick={() => actions.onChoose(f.subject)}
            className="mt-1 text-left break-words text-accent hover:underline"
          >
            {visible(messageOf(f, language))}
          </button>
        </div>
      ))}
      {failing.map((f) => (
        <FindingView key={f.key} finding={f} {...actions} />
      ))}
      {failing.length === 0 && cutBy.length === 0 && (
        <p className="flex items-center gap-2 border-b border-line px-4 py-3 text-muted">
          <StatusMark status={unknown.length ? "unknown" : passed.length ? "ok" : "unknown"} />
          {t(passed.length === 0 && unknown.length === 0 ? "noChecks" : "nothingFails")}
        </p>
      )}
      <Fold title={t("unknownChecks", { count: unknown.length })} show={unknown.length > 0}>
        {unknown.map((f) => (
          <li key={f.key} className="flex gap-2 py-1">
            <StatusMark status="unknown" className="mt-0.5" />
            <div className="min-w-0">
              <p>{titleOf(f.check, language)}</p>
              <p className="break-words text-muted">{visible(becauseOf(f, language) ?? messageOf(f, language))}</p>
            </div>
          </li>
        ))}
      </Fold>
      <Fold title={t("passingChecks", { count: passed.length })} show={passed.length > 0}>
        {passed.map((id) => (
          <li key={id} className="flex items-center gap-2 py-0.5">
            <StatusMark status="ok" />
            <HostText text={titleOf(id, language)} />
          </li>
        ))}
      </Fold>
    </div>
  );
}

function Fold({
  title,
  show,
  children,
}: {
  readonly title: string;
  readonly show: boolean;
  readonly children: ReactNode;
}) {
  if (!show) return null;
  return (
    <details className="border-b border-line px-4 py-2">
      <summary className="py-0.5 text-muted hover:text-text">{title}</summary>
      <ul className="py-1">{children}</ul>
    </details>
  );
}
