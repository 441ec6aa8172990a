"use client";

import clsx from "clsx";
import { memo } from "react";
import type { Finding } from "@/lib/checks/finding";
import { messageOf, type Problem, titleOf } from "@/lib/text/findings";
import { visible } from "@/lib/text/visible";
import { useText } from "../ui/language";
import { StatusMark } from "../ui/status-mark";
import { Ago } from "../ui/time";

/** Problems, not alarms: one row a cause, with what hangs under it folded away and the number of guests that it takes with it. */
export const ProblemList = memo(function ProblemList({
  problems,
  chosen,
  onChoose,
}: {
  readonly problems: readonly Problem[];
  readonly chosen: string | undefined;
  readonly onChoose: (subject: string) => void;
}) {
  const { t } = useText();
  return (
    <ul data-testid="problems">
      {problems.map(({ head, tail }) => (
        <li key={head.key} data-finding={head.key} data-status={head.status} className="border-b border-line">
          <Row finding={head} chosen={chosen === head.subject} onChoose={onChoose} />
          {tail.length > 0 && (
            <details className="pb-2 pl-9">
              <summary className="text-xs text-muted hover:text-text">{t("underIt", { count: tail.length })}</summary>
              <ul className="pr-3">
                {tail.map((f) => (
                  <li key={f.key}>
                    <Row finding={f} small chosen={chosen === f.subject} onChoose={onChoose} />
                  </li>
                ))}
              </ul>
            </details>
          )}
        </li>
      ))}
    </ul>
  );
});

/** Remembered: of all rows, those of what has changed are drawn anew. */
const Row = memo(function Row({
  finding,
  small,
  chosen,
  onChoose,
}: {
  readonly finding: Finding;
  readonly small?: boolean;
  readonly chosen: boolean;
  readonly onChoose: (subject: string) => void;
}) {
  const { t, language } = useText();
  return (
    <button
      type="button"
      aria-pressed={chosen}
      onClick={() => onChoose(finding.subject)}
      className={clsx(
        "flex w-full items-start gap-2 text-left",
        small ? "rounded px-1 py-1" : "px-3 py-2",
        // What is chosen still looks so with the mouse over it.
        chosen ? "bg-accent-soft" : "hover:bg-sunken",
      )}
    >
      <StatusMark status={finding.status} className="mt-[3px]" />
      <span className="min-w-0 flex-1">
        <span
          className={clsx("line-clamp-2 break-words", !small && "font-medium")}
          title={visible(messageOf(finding, language))}
        >
          {small ? titleOf(finding.check, language) : visible(messageOf(finding, language))}
        </span>
        {!small && (
          <span className="mt-0.5 flex gap-2 text-xs text-muted">
            {finding.impacts.length > 0 && (
              <span className="font-medium text-warn">
                {t(finding.impacts.length === 1 ? "guestImpacted" : "guestsImpacted", {
                  count: finding.impacts.length,
                })}
              </span>
            )}
            <Ago at={finding.since} />
          </span>
        )}
      </span>
    </button>
  );
});
