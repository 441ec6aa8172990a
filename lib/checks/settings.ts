import type { Check, CheckSetting } from "./define";
import { words } from "./words/thresholds";

/** A threshold with the check and the name under which it is kept: `<check>.<name>`. */
export interface NamedSetting {
  readonly check: string;
  readonly name: string;
  readonly setting: CheckSetting;
}

/** Thresholds that differ from their defaults, by `<check>.<name>`. */
export type SettingValues = Readonly<Record<string, number>>;

export const settingKey = (check: string, name: string): string => `${check}.${name}`;

/** Every threshold of every check, in the order of the registry. */
export const allSettings: readonly NamedSetting[] = words.flatMap((check) =>
  Object.entries(check.settings ?? {}).map(([name, setting]) => ({ check: check.id, name, setting })),
);

/** The thresholds of a check by their names; none where this build does not know it. */
export const settingsOf = (check: string): Check["settings"] => words.find((one) => one.id === check)?.settings;

const byKey: ReadonlyMap<string, NamedSetting> = new Map(
  allSettings.map((one) => [settingKey(one.check, one.name), one]),
);

/** The threshold of this key, `<check>.<name>`; undefined where this build has none. */
export const settingOf = (key: string): NamedSetting | undefined => byKey.get(key);

/** Why this value cannot be taken, as the end of a sentence that names the threshold; undefined where it can. */
export function unfit({ setting }: NamedSetting, value: unknown): string | undefined {
  const { min, max, unit, fraction } = setting;
  const range = `${fraction ? "a number" : "a whole number"} from ${min} to ${max}${unit === "" ? "" : ` ${unit}`}`;
  if (typeof value !== "number" || !Number.isFinite(value)) return `${range} was expected`;
  if (value < min || value > max || (!fraction && !Number.isInteger(value)))
    return `${range} was expected, not ${value}`;
  return undefined;
}

/** Two thresholds of one check of which the first cannot exceed the second. */
export interface OrderedPair {
  readonly lower: NamedSetting;
  readonly upper: NamedSetting;
}

const pairs: readonly OrderedPair[] = allSettings.flatMap((lower) => {
  const { atMost } = lower.setting;
  const upper = atMost === undefined ? undefined : byKey.get(settingKey(lower.check, atMost));
  return upper ? [{ lower, upper }] : [];
});

const currentOf = (values: SettingValues, { check, name, setting }: NamedSetting): number =>
  values[settingKey(check, name)] ?? setting.default;

/** Pairs that contradict each other in these values: what is at its default counts with it. */
export const contradictions = (values: SettingValues): readonly OrderedPair[] =>
  pairs.filter(({ lower, upper }) => currentOf(values, lower) > currentOf(values, upper));

/** The pair that these values, set together, break and that one of `keys` belongs to; undefined where there is none. */
export const contradictionOf = (values: SettingValues, keys: ReadonlySet<string>): OrderedPair | undefined =>
  contradictions(values).find(({ lower, upper }) =>
    [lower, upper].some(({ check, name }) => keys.has(settingKey(check, name))),
  );

/** What contradicts what, for people: names both, with their values. */
export function saysContradiction({ lower, upper }: OrderedPair, values: SettingValues): string {
  const shown = (one: NamedSetting) =>
    `${settingKey(one.check, one.name)} (${`${currentOf(values, one)} ${one.setting.unit}`.trimEnd()})`;
  return `${shown(lower)} cannot be above ${shown(upper)}`;
}

/** Why there is no such threshold, for people. */
export function noSetting(check: string, name: string): string {
  const known = words.find((one) => one.id === check);
  if (!known) return `there is no check ${JSON.stringify(check)}`;
  const names = Object.keys(known.settings ?? {});
  return names.length === 0
    ? `${check} has no thresholds`
    : `${check} has no threshold ${JSON.stringify(name)}: it has ${names.join(", ")}`;
}

/** What was kept and is not used, with the reason. */
export interface IgnoredSetting {
  readonly key: string;
  readonly because: string;
}

interface Sorted {
  readonly values: SettingValues;
  readonly ignored: readonly IgnoredSetting[];
}

/** Values as they were kept, by `<check>.<name>`, parted into those that fit, each for itself, and those that do not. */
export function fitting(kept: ReadonlyMap<string, unknown>): Sorted {
  const values: Record<string, number> = {};
  const ignored: IgnoredSetting[] = [];
  for (const [key, value] of kept) {
    const known = settingOf(key);
    const because = known ? unfit(known, value) : "this release has no such threshold";
    if (because !== undefined) ignored.push({ key, because });
    else if (typeof value === "number" && value !== known?.setting.default) values[key] = value;
  }
  return { values, ignored };
}

/** Values as they were kept, parted into those that are used and those that are not: their thresholds stay at the default. */
export function readSettings(kept: ReadonlyMap<string, unknown>): Sorted {
  const fit = fitting(kept);
  const values: Record<string, number> = { ...fit.values };
  const ignored = [...fit.ignored];
  // Both are left out: which of them was meant, nobody can tell. The defaults agree, so one way through is enough.
  for (const pair of contradictions(fit.values))
    for (const { check, name } of [pair.lower, pair.upper]) {
      const key = settingKey(check, name);
      if (kept.has(key) && key in fit.values) ignored.push({ key, because: saysContradiction(pair, fit.values) });
    }
  for (const { key } of ignored) delete values[key];
  return { values, ignored };
}

/** Ids of those checks that judge differently by `after` than by `before`. */
export function checksChanged(
  among: readonly Pick<Check, "id" | "settings">[],
  before: SettingValues,
  after: SettingValues,
): ReadonlySet<string> {
  const differs = (id: string, name: string, setting: CheckSetting): boolean => {
    const key = settingKey(id, name);
    return (before[key] ?? setting.default) !== (after[key] ?? setting.default);
  };
  return new Set(
    among
      .filter(({ id, settings }) => Object.entries(settings ?? {}).some(([name, one]) => differs(id, name, one)))
      .map(({ id }) => id),
  );
}
