"use client";

import clsx from "clsx";
import { memo } from "react";
import type { Finding } from "@/lib/checks/finding";
import type { Problem } from "@/lib/problems/problem";
import { messageOf, titleOf } from "@/lib/text/findings";
import { visible } from "@/lib/text/visible";
import { useText } from "../ui/language";
import { StatusMark } from "../ui/status-mark";
import { Ago } from "../ui/time";

/** Problems, not alarms: one row a cause, with what hangs under it folded away and the number of guests that it takes with it. */
export const ProblemList = memo(function ProblemList({
  problems,
  findings,
  chosen,
  onChoose,
}: {
  /** Worst first. */
  readonly problems: readonly Problem[];
  /** Of the same host, by key: what stands under a problem is named by keys. */
  readonly findings: ReadonlyMap<string, Finding>;
  readonly chosen: string | undefined;
  readonly onChoose: (subject: string) => void;
}) {
  const { t } = useText();
  return (
    <ul data-testid="problems">
      {problems.map((problem) => (
        <li key={problem.key} data-finding={problem.key} data-status={problem.status} className="border-b border-line">
          <Row finding={problem} flaps={problem.flaps} chosen={chosen === problem.subject} onChoose={onChoose} />
          {problem.tail.length > 0 && (
            <details className="pb-2 pl-9">
              <summary className="text-xs text-muted hover:text-text">
                {t("underIt", { count: problem.tail.length })}
              </summary>
              <ul className="pr-3">
                {problem.tail.map(({ key }) => {
                  const f = findings.get(key);
                  return (
                    f && (
                      <li key={key}>
                        <Row finding={f} small chosen={chosen === f.subject} onChoose={onChoose} />
                      </li>
                    )
                  );
                })}
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
  flaps = 0,
  small,
  chosen,
  onChoose,
}: {
  readonly finding: Pick<Finding, "check" | "subject" | "status" | "message" | "params" | "impacts" | "since">;
  readonly flaps?: number;
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
            {flaps > 0 && <span>{t(flaps === 1 ? "cameBackOnce" : "cameBack", { count: flaps })}</span>}
          </span>
        )}
      </span>
    </button>
  );
});
