// Made by scripts/registries.mjs from the files of this folder: do not edit.
import type { Check } from "./define";

export const checks: readonly Check[] = [];
