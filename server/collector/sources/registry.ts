// Made by scripts/registries.mjs from the files of this folder: do not edit.
import { source as captureSource } from "./capture";
import { source as sshSource } from "./ssh";

export const sources = {
  "capture": captureSource,
  "ssh": sshSource,
} as const;
