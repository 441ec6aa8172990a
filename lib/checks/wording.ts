import type { Wording } from "../wording";
import type { Check } from "./define";

/**
 * What a page knows of a check: its words, and neither how it judges nor its examples. `npm run registries` writes the lists in `words/` from the
 * checks themselves. Nothing here and there imports a check as a value, so that a browser loads sentences and no evaluators.
 */

/**
 * On every page that shows findings. The English message comes complete with each finding: only the other languages' are made from the check's
 * wording.
 */
export interface CheckName extends Pick<Check, "id" | "layer" | "title"> {
  readonly message: Omit<Wording, "en">;
}

/** Loaded by layer where one finding is opened: these sentences are the longest of all, and most pages show none. */
export type CheckMending = Pick<Check, "id" | "expected" | "repair" | "settings">;

/** For what sets thresholds. */
export type CheckThresholds = Pick<Check, "id" | "settings">;

/** For the reference of all checks. */
export type CheckReference = Pick<
  Check,
  "id" | "layer" | "title" | "explain" | "expected" | "repair" | "needs" | "optional" | "settings" | "sources"
>;
