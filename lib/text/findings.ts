import type { Finding } from "../checks/finding";
import type { CheckMending, CheckName } from "../checks/wording";
import { words } from "../checks/words/names";
import { byBlast } from "../problems/rank";
import { fill, inLanguage, type Language, type Wording } from "../wording";

const byId: ReadonlyMap<string, CheckName> = new Map(words.map((c) => [c.id, c]));

/** The words of the check of this id, where this build knows it: a shared incident may come from a newer one. */
export const checkOf = (id: string): CheckName | undefined => byId.get(id);

/** Name of a check for people; its id where this build does not know it. */
export const titleOf = (id: string, language: Language): string => byId.get(id)?.title[language] ?? id;

/** What was seen, in the reader's language. English comes complete with the finding, so it is right even for a check that this build does not know. */
export function messageOf(
  finding: Pick<Finding, "check" | "message" | "params" | "status">,
  language: Language,
): string {
  const check = byId.get(finding.check);
  if (language === "en" || !check) return finding.message;
  if (finding.status === "unknown") return `${check.title[language]}：无法判断`;
  return fill({ en: finding.message, ...check.message }, language, finding.params);
}

/** The same in every language, to stand in a place of another sentence. */
export const messageIn = (finding: Parameters<typeof messageOf>[0]): Wording => ({
  en: messageOf(finding, "en"),
  zh: messageOf(finding, "zh"),
});

/** Why it could not be judged, in the reader's language; undefined where it was judged. */
export const becauseOf = (finding: Pick<Finding, "because">, language: Language): string | undefined =>
  finding.because === undefined ? undefined : inLanguage(finding.because, language);

/** What a healthy subject would show, from the words of the finding's check (`loadMending` of lib/checks/words/mending.ts). */
export const expectedOf = (words: CheckMending, { params }: Pick<Finding, "params">, language: Language): string =>
  fill(words.expected, language, params);

/** How to mend it by hand, from the same words. */
export const repairOf = (words: CheckMending, { params }: Pick<Finding, "params">, language: Language): string =>
  fill(words.repair, language, params);

/** Findings that concern one node or edge: its own, those it shares in, and those that cut it. */
export function findingsOn(findings: readonly Finding[], id: string): Finding[] {
  return findings.filter((f) => f.subject === id || f.alsoOn.includes(id) || f.breaks.includes(id)).sort(byBlast);
}

/** Heads of problems by which this VM is cut off. */
export const cuttingOff = (findings: readonly Finding[], vm: string): Finding[] =>
  findings.filter((f) => f.impacts.includes(vm)).sort(byBlast);
