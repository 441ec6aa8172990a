// Made by scripts/registries.mjs from the files of this folder: do not edit.
import type { FleetPass } from "./define";
import { pass as duplicateOwnersPass } from "./duplicate-owners";
import { pass as segmentsPass } from "./segments";

export const passes: readonly FleetPass[] = [
  duplicateOwnersPass,
  segmentsPass,
];
