import type { IncidentRepository } from "../store/repositories/incidents";
import type { Log } from "./log";

const everyMs = 10 * 60_000;

/**
 * Deletes the bodies of links that have ended, now and every ten minutes: what nobody may open any more shall not be there for a thief of the database either.
 * Returns how to stop it.
 */
export function sweepBodies(incidents: Pick<IncidentRepository, "dropBodies">, log: Log, every = everyMs): () => void {
  const sweep = () => {
    incidents
      .dropBodies(Date.now())
      // Tried again with the next round.
      .catch((error: unknown) => log("bodies-not-deleted", { reason: String(error) }));
  };
  sweep();
  const timer = setInterval(sweep, every);
  timer.unref();
  return () => clearInterval(timer);
}
