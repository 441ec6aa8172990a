"use client";

import { Wrench } from "lucide-react";
import { useState } from "react";
import type { Finding } from "@/lib/checks/finding";
import { becauseOf, expectedOf, messageOf, repairOf, titleOf } from "@/lib/text/findings";
import { titleOfRemedy } from "@/lib/text/remedies";
import { thresholdsOf, withUnit } from "@/lib/text/thresholds";
import { visible } from "@/lib/text/visible";
import { Button } from "../ui/button";
import { CopyButton } from "../ui/copy-button";
import { HostText } from "../ui/host-text";
import { useText } from "../ui/language";
import { StatusMark, statusText } from "../ui/status-mark";
import { Since } from "../ui/time";
import { useMending } from "./use-mending";

export interface FindingActions {
  /** Name of a node, for lists of impacted VMs. */
  readonly nameOf: (id: string) => string;
  readonly onChoose: (id: string) => void;
  /** Opens the plan of a remedy, of the gentlest where none is named; absent where nothing may be changed (shared picture, viewer). */
  readonly onRemedy?: (finding: Finding, remedy?: string) => void;
}

/** One failing check: expected, seen, evidence, since when, whom it hits, what to press. */
export function FindingView({ finding, nameOf, onChoose, onRemedy }: { readonly finding: Finding } & FindingActions) {
  // Long: one finding from its message to its repair, in the order in which it is read.
  const { t, language, say } = useText();
  const mending = useMending(finding);
  const words = mending === "failed" ? undefined : mending;
  const limits = thresholdsOf(finding, words?.settings);
  return (
    <article data-finding={finding.key} data-status={finding.status} className="border-b border-line px-4 py-3">
      <h3 className="flex items-start gap-2 font-semibold">
        <StatusMark status={finding.status} className="mt-0.5 size-4" />
        <span className={statusText[finding.status]}>{titleOf(finding.check, language)}</span>
      </h3>
      <dl className="mt-2 grid grid-cols-[max-content_1fr] gap-x-3 gap-y-1">
        {finding.status !== "unknown" && words && (
          <>
            <dt className="text-muted">{t("expected")}</dt>
            <dd className="break-words">{visible(expectedOf(words, finding, language))}</dd>
          </>
        )}
        <dt className="text-muted">{finding.status === "unknown" ? t("because") : t("seen")}</dt>
        <dd className="break-words">{visible(becauseOf(finding, language) ?? messageOf(finding, language))}</dd>
        {limits.length > 0 && (
          <>
            <dt className="text-muted">{t("judgedBy")}</dt>
            <dd>
              {limits.map(({ name, setting, value }) => (
                <span key={name} className="block">
                  {say(setting.title)}:{" "}
                  {value === setting.default
                    ? withUnit(value, setting.unit, language)
                    : t("thresholdNotDefault", {
                        value: withUnit(value, setting.unit, language),
                        usual: setting.default,
                      })}
                </span>
              ))}
            </dd>
          </>
        )}
        <dt className="text-muted">{t("sinceWhen")}</dt>
        <dd>
          <Since at={finding.since} />
        </dd>
      </dl>
      {finding.evidence.map((e) => (
        <EvidenceView key={`${e.command}\n${e.excerpt}`} command={e.command} excerpt={e.excerpt} />
      ))}
      <Impacts ids={finding.impacts} nameOf={nameOf} onChoose={onChoose} />
      {onRemedy && <Remedies finding={finding} onRemedy={onRemedy} />}
      {words && (
        <p className="mt-3 break-words">
          <span className="text-muted">{finding.remedies ? t("byHand") : t("repair")}</span>
          {/* The Chinese colon brings its own room. */}
          {language === "en" && " "}
          {visible(repairOf(words, finding, language))}
        </p>
      )}
      {mending === "failed" && <p className="mt-3 text-fail">{t("mendingFailed")}</p>}
    </article>
  );
}

/** The button of the gentlest remedy, and beside it the names of the others. */
function Remedies({
  finding,
  onRemedy,
}: {
  readonly finding: Finding;
  readonly onRemedy: NonNullable<FindingActions["onRemedy"]>;
}) {
  const { t, language } = useText();
  const [first, ...others] = finding.remedies ?? [];
  if (first === undefined) return null;
  return (
    <div className="mt-3 flex flex-wrap items-center gap-2">
      <Button look="primary" icon={<Wrench className="size-4" />} onClick={() => onRemedy(finding)}>
        {others.length === 0 ? t("planRemedy") : t("planRemedyNamed", { remedy: titleOfRemedy(first, language) })}
      </Button>
      {others.map((id) => (
        <Button key={id} small onClick={() => onRemedy(finding, id)}>
          {titleOfRemedy(id, language)}
        </Button>
      ))}
    </div>
  );
}

/** The command to run again, and the part of its output that decides. */
function EvidenceView({ command, excerpt }: { readonly command: string; readonly excerpt: string }) {
  const { t } = useText();
  return (
    <figure className="mt-2.5 overflow-hidden rounded border border-line">
      <figcaption className="flex items-center gap-2 border-b border-line bg-sunken py-0.5 pr-1 pl-2.5">
        <code className="min-w-0 flex-1 truncate text-xs" title={visible(command)}>
          <span aria-hidden="true" className="text-muted select-none">
            ${" "}
          </span>
          {visible(command)}
        </code>
        <CopyButton text={command} iconOnly label={t("copyCommand")} />
      </figcaption>
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard.
        tabIndex={0}
        aria-label={t("excerpt")}
        className="max-h-56 overflow-auto px-2.5 py-2"
      >
        <pre className="text-2xs leading-4">
          {excerpt === "" ? <span className="text-muted">{t("noOutput")}</span> : visible(excerpt, { lines: true })}
        </pre>
      </section>
    </figure>
  );
}

const firstImpacts = 8;

function Impacts({
  ids,
  nameOf,
  onChoose,
}: { readonly ids: readonly string[] } & Pick<FindingActions, "nameOf" | "onChoose">) {
  const { t } = useText();
  const [all, setAll] = useState(false);
  if (ids.length === 0) return null;
  const shown = all ? ids : ids.slice(0, firstImpacts);
  return (
    <div className="mt-3">
      <p className="text-muted">{t(ids.length === 1 ? "impactsOne" : "impactsMany", { count: ids.length })}</p>
      <ul className="mt-1 flex flex-wrap gap-1">
        {shown.map((id) => (
          <li key={id} className="flex max-w-full">
            <button
              type="button"
              onClick={() => onChoose(id)}
              className="flex max-w-full rounded border border-dashed border-warn-mark px-1.5 text-xs hover:bg-warn-soft"
            >
              <HostText text={nameOf(id)} />
            </button>
          </li>
        ))}
        {ids.length > shown.length && (
          <li>
            <Button small look="quiet" onClick={() => setAll(true)}>
              {t("more", { count: ids.length - shown.length })}
            </Button>
          </li>
        )}
      </ul>
    </div>
  );
}
