// Made by scripts/registries.mjs from the files of this folder: do not edit.
import type { z } from "zod";
import { probe as ipLinkProbe } from "./ip-link";

export const probes = {
  "ip-link": ipLinkProbe,
} as const;

export type Probes = typeof probes;
export type ProbeId = keyof Probes;
/** What the parser of a probe returns. */
export type FactOf<P extends ProbeId> = z.output<Probes[P]["fact"]>;
