// Made by scripts/registries.mjs from the files of this folder: do not edit.
import type { Layer } from "../define";
import type { CheckMending } from "../wording";

/** Loads the words of one layer. */
export const loadMending: Readonly<Record<Layer, () => Promise<{ readonly words: readonly CheckMending[] }>>> = {
  host: () => import("./mending/host"),
  physical: () => import("./mending/physical"),
  bond: () => import("./mending/bond"),
  bridge: () => import("./mending/bridge"),
  vlan: () => import("./mending/vlan"),
  tap: () => import("./mending/tap"),
  ovs: () => import("./mending/ovs"),
  addressing: () => import("./mending/addressing"),
  filtering: () => import("./mending/filtering"),
};
