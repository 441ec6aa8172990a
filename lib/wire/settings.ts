import * as z from "zod";
import { noSetting, settingKey, settingOf, unfit } from "../checks/settings";

/** A threshold of a check, as it is now. Titles stand in the check's meta. */
export const SettingRow = z.object({
  check: z.string(),
  name: z.string(),
  unit: z.string(),
  min: z.number(),
  max: z.number(),
  /** Parts of the unit are taken; otherwise only whole numbers. */
  fraction: z.boolean(),
  default: z.number(),
  value: z.number(),
});
export type SettingRow = z.infer<typeof SettingRow>;

export const SettingList = z.object({
  settings: z.array(SettingRow),
  /** What lies in the store and is not used: those thresholds are at their default. `key`: `<check>.<name>`. */
  ignored: z.array(z.object({ key: z.string(), because: z.string() })),
});
export type SettingList = z.infer<typeof SettingList>;

const which = { check: z.string().max(100), name: z.string().max(100) };

/** Sets one threshold. What does not exist, or does not take this value, is refused with its name and its range. */
export const SettingChange = z
  .object({ ...which, value: z.number() })
  .superRefine(({ check, name, value }, context) => {
    const known = settingOf(settingKey(check, name));
    const because = known ? unfit(known, value) : undefined;
    if (!known) context.addIssue({ code: "custom", path: ["name"], message: noSetting(check, name) });
    else if (because !== undefined)
      context.addIssue({ code: "custom", path: ["value"], message: `${settingKey(check, name)}: ${because}` });
  });
export type SettingChange = z.infer<typeof SettingChange>;

/** Brings one threshold, or without a name all of them, back to the default. */
export const SettingReset = z.union([z.strictObject(which), z.strictObject({})]);
export type SettingReset = z.infer<typeof SettingReset>;
