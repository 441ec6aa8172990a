import type { CheckSetting } from "../checks/define";
import type { Finding } from "../checks/finding";
import type { Language } from "../wording";

/** Units as the checks name them, in Chinese; those that are written alike in both languages are left out. */
const inChinese: ReadonlyMap<string, string> = new Map([
  ["s", "秒"],
  ["min", "分钟"],
  ["h", "小时"],
  ["1/s", "次/秒"],
  ["pages/s", "页/秒"],
  ["packets", "个包"],
  ["frames", "帧"],
  ["times", "次"],
  ["changes", "次"],
  ["readings", "次"],
  ["restarts", "次"],
  ["lines", "条"],
]);

/** The unit of a threshold for people; empty where it has none. */
export const unitWord = (unit: string, language: Language): string =>
  language === "zh" ? (inChinese.get(unit) ?? unit) : unit;

/** A value with its unit, e.g. "10 s". */
export const withUnit = (value: number, unit: string, language: Language): string =>
  `${value} ${unitWord(unit, language)}`.trimEnd();

/** A value in English with its unit, beside its default where it is another: "9 times (default 4)". */
export const beside = (value: number, { default: usual, unit }: CheckSetting): string =>
  `${withUnit(value, unit, "en")}${value === usual ? "" : ` (default ${usual})`}`;

export interface UsedThreshold {
  readonly name: string;
  readonly setting: CheckSetting;
  readonly value: number;
}

/**
 * The thresholds that a finding was judged by, as far as this build knows them: a shared incident may come from another one. `settings`: those of the
 * finding's check.
 */
export function thresholdsOf(
  finding: Pick<Finding, "thresholds">,
  settings: Readonly<Record<string, CheckSetting>> = {},
): readonly UsedThreshold[] {
  return Object.entries(finding.thresholds ?? {}).flatMap(([name, value]) => {
    const setting = Object.hasOwn(settings, name) ? settings[name] : undefined;
    return setting ? [{ name, setting, value }] : [];
  });
}
