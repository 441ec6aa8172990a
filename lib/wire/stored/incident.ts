import { Incident } from "../share";
import { incident1 } from "./incident-1";
import { incident2 } from "./incident-2";
import { upgraded } from "./upgrade";

/** Every version of an incident that was ever stored, oldest first. */
export const incidentVersions = [incident1, incident2] as const;

/**
 * A stored incident as this build shows it, whichever release kept it.
 *
 * @throws StoredValueProblem where it is of no known version or does not fit it; ZodError where it holds what this
 * build has no word for, which the upgrade of its version should have given one.
 */
export const readIncident = (stored: unknown): Incident =>
  Incident.parse(upgraded("incident", incidentVersions, stored));
