import type { Wording } from "../wording";
import { common } from "./words/common";
import { fleet } from "./words/fleet";
import { hosts } from "./words/hosts";
import { incidents } from "./words/incidents";
import { panel } from "./words/panel";
import { people } from "./words/people";
import { remedy } from "./words/remedy";
import { shell } from "./words/shell";
import { thresholds } from "./words/thresholds";
import { topology } from "./words/topology";

/** Every text of the interface, by key, in both languages. Texts about one check stand with the check. */
const all = {
  ...common,
  ...shell,
  ...fleet,
  ...topology,
  ...panel,
  ...remedy,
  ...hosts,
  ...incidents,
  ...people,
  ...thresholds,
} as const;

export type UiKey = keyof typeof all;
export const ui: Readonly<Record<UiKey, Wording>> = all;
