// Made by scripts/registries.mjs from the files of this folder: do not edit.
import { manager as runtimeManager } from "./runtime";

export const managers = {
  "runtime": runtimeManager,
} as const;
