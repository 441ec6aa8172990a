"use client";

import "@/lib/text/late/acting";
import { Loader2 } from "lucide-react";
import { useMemo } from "react";
import { phaseWord } from "@/lib/text/labels";
import { saidIn } from "@/lib/text/said";
import { clock, duration } from "@/lib/text/time";
import { visible } from "@/lib/text/visible";
import { RemedyBody, type RemedyProgress } from "@/lib/wire/jobs/remedy";
import { useLive, useWatch } from "../live/live";
import { useNow } from "../live/now";
import { viewOf } from "../live/state";
import { useText } from "../ui/language";
import { Notice } from "../ui/notice";
import { StatusMark } from "../ui/status-mark";

const none: readonly RemedyProgress[] = [];

/** What the socket told of this run so far. */
export function useProgress(run: string | undefined): readonly RemedyProgress[] {
  useWatch("job");
  const job = useLive((s) => (run === undefined ? undefined : viewOf(s, "job")?.get(run)));
  return useMemo(() => (job?.kind === "remedy" ? RemedyBody.parse(job.body).steps : none), [job]);
}

const ends = new Set<RemedyProgress["phase"]>(["kept", "undone", "failed", "unknown"]);

export const endOf = (steps: readonly RemedyProgress[]): RemedyProgress | undefined =>
  steps.find((p) => ends.has(p.phase));

/** The run as it goes, with the time that is left until the host takes it back by itself. */
export function Progress({ steps }: { readonly steps: readonly RemedyProgress[] }) {
  const { t, say, language } = useText();
  const now = useNow();
  const offset = useLive((s) => s.offset);
  const end = endOf(steps);
  const undoAt = steps.findLast((p) => p.undoAt !== undefined)?.undoAt;
  const left = undoAt === undefined ? undefined : undoAt - (now + offset);
  return (
    <div className="flex flex-col gap-3">
      <ol aria-live="polite" data-testid="remedy-progress" className="flex flex-col gap-1.5">
        {steps.length === 0 && <li className="text-muted">{t("starting")}</li>}
        {steps.map((p, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps only grow at the end.
          <li key={i} data-phase={p.phase} className="grid grid-cols-[4.5rem_1.25rem_minmax(0,1fr)] items-start">
            <span className="mono text-muted">{clock(p.at)}</span>
            <PhaseMark phase={p.phase} last={i === steps.length - 1} />
            <span className="break-words">
              <span className="font-medium">{say(phaseWord[p.phase])}.</span> {visible(saidIn(p.says, language))}
            </span>
          </li>
        ))}
      </ol>
      {!end && left !== undefined && (
        <Notice>{left > 0 ? t("undoIn", { left: duration(left, language) }) : t("undoDue")}</Notice>
      )}
      {end?.phase === "kept" && <Notice>{t("wasKept")}</Notice>}
      {end?.phase === "undone" && <Notice look="warn">{t("wasUndone")}</Notice>}
      {end?.phase === "failed" && <Notice look="fail">{t("wasFailed")}</Notice>}
      {end?.phase === "unknown" && <Notice look="warn">{t("wasUnknown")}</Notice>}
    </div>
  );
}

function PhaseMark({ phase, last }: { readonly phase: RemedyProgress["phase"]; readonly last: boolean }) {
  if (phase === "kept") return <StatusMark status="ok" className="mt-0.5" />;
  if (phase === "failed") return <StatusMark status="fail" className="mt-0.5" />;
  if (phase === "undone") return <StatusMark status="warn" className="mt-0.5" />;
  if (phase === "unknown") return <StatusMark status="unknown" className="mt-0.5" />;
  return last ? (
    <Loader2 aria-hidden="true" className="mt-0.5 size-3.5 animate-spin text-muted" />
  ) : (
    <StatusMark status="ok" className="mt-0.5 opacity-60" />
  );
}
