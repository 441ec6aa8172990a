import type { Wording } from "../wording";
import type { accounts } from "./words/accounts";
import type { acting } from "./words/acting";
import type { adding } from "./words/adding";
import { common } from "./words/common";
import { fleet } from "./words/fleet";
import { hosts } from "./words/hosts";
import { incidents } from "./words/incidents";
import type { inventory } from "./words/inventory";
import { panel } from "./words/panel";
import { shell } from "./words/shell";
import { thresholds } from "./words/thresholds";
import { topology } from "./words/topology";

const always = {
  ...common,
  ...shell,
  ...fleet,
  ...topology,
  ...panel,
  ...hosts,
  ...incidents,
  ...thresholds,
} as const;

/** Words that come with the components that say them (late/*.ts), so that no other page loads them. */
type Late = typeof adding & typeof accounts & typeof acting & typeof inventory;

export type UiKey = keyof typeof always | keyof Late;

const all: Record<string, Wording> = { ...always };

/** Every text of the interface that is loaded, by key, in both languages. Texts about one check stand with the check. */
export const ui = all as Readonly<Record<UiKey, Wording>>;

/** Brings words along, for the late ones only. */
export function addWords(words: Partial<Record<keyof Late, Wording>>): void {
  Object.assign(all, words);
}
