import { createHmac, randomBytes } from "node:crypto";
import { maskIncident } from "@/lib/share/mask";
import type { MaskChoice } from "@/lib/wire/rest";
import type { Incident } from "@/lib/wire/share";

/** The incident as it is kept: masked where its maker wished so, under a salt that nobody keeps. What was masked can then be had from nowhere. */
export function masked(incident: Incident, choice: MaskChoice | undefined): Incident {
  if (!choice) return incident;
  const salt = randomBytes(32);
  return maskIncident(incident, choice, (text) => createHmac("sha256", salt).update(text).digest());
}
