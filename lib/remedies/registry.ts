// Made by scripts/registries.mjs from the files of this folder: do not edit.
import type { Remedy } from "./define";

export const remedies: readonly Remedy[] = [];
