// Made by scripts/registries.mjs from the files of this folder: do not edit.
import { job as rereadJob } from "./reread";

export const jobs = {
  "reread": rereadJob,
} as const;
