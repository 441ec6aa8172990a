"use client";

import type { PastProblem } from "@/lib/problems/past";
import { messageOf, titleOf } from "@/lib/text/findings";
import { duration } from "@/lib/text/time";
import { visible } from "@/lib/text/visible";
import { route } from "@/lib/wire/routes/host-problems";
import { useLoad } from "../api/use-load";
import { useText } from "../ui/language";
import { Loaded } from "../ui/loaded";
import { StatusMark } from "../ui/status-mark";
import { Exact } from "../ui/time";

const shown = 50;

/** Has this happened before? What the history keeps of one node or edge, newest first, in the reader's language. */
export function PastProblems({ host, subject }: { readonly host: string; readonly subject: string }) {
  const { t } = useText();
  const [load, reload] = useLoad(route, { params: { id: host }, query: { subject, limit: shown } });
  return (
    <section aria-label={t("pastProblems")} className="px-4 py-2">
      <h3 className="eyebrow py-1">{t("pastProblems")}</h3>
      <Loaded load={load} retry={reload} rows={2}>
        {({ problems }) =>
          problems.length === 0 ? (
            <p className="py-1 text-muted">{t("noPastProblems")}</p>
          ) : (
            <ol data-testid="past-problems">
              {problems.map((problem) => (
                <Row key={problem.id} problem={problem} />
              ))}
            </ol>
          )
        }
      </Loaded>
    </section>
  );
}

function Row({ problem }: { readonly problem: PastProblem }) {
  const { t, language } = useText();
  const { params, flaps, since, closedAt } = problem;
  // A row of before languages were kept has an English sentence only; the name of its check is known in both.
  const sentence = params ? messageOf({ ...problem, params }, language) : problem.message;
  return (
    <li className="flex items-start gap-2 border-b border-line py-1 last:border-0">
      <StatusMark status={problem.status} className="mt-[3px]" />
      <span className="min-w-0 flex-1 break-words" title={titleOf(problem.check, language)}>
        {visible(sentence)}
        <span className="flex flex-wrap gap-x-2 text-xs text-muted">
          <Exact at={since} />
          <span>
            {closedAt === null ? t("stillOpen") : t("lasted", { long: duration(closedAt - since, language) })}
          </span>
          {flaps > 0 && <span>{t(flaps === 1 ? "cameBackOnce" : "cameBack", { count: flaps })}</span>}
        </span>
      </span>
    </li>
  );
}
