// Made by scripts/registries.mjs from the files of this folder: do not edit.
import type { CauseRule } from "./define";

export const rules: readonly CauseRule[] = [];
