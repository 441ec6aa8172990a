// Made by scripts/registries.mjs from the files of this folder: do not edit.
import type { Pass } from "../pass";

export const passes: readonly Pass[] = [];
