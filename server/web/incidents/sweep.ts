import type { IncidentRepository } from "@/server/store/repositories/incidents";

const everyMs = 10 * 60_000;

/**
 * Deletes the bodies of links that have ended, now and every ten minutes: what nobody may open any more shall not be there for a thief of the database either.
 * Returns how to stop it.
 */
export function sweepBodies(
  incidents: Pick<IncidentRepository, "dropBodies">,
  log: (line: string) => void,
  every = everyMs,
): () => void {
  const sweep = () => {
    incidents
      .dropBodies(Date.now())
      .catch((error: unknown) => log(`web: bodies of ended incident links could not be deleted: ${String(error)}`));
  };
  sweep();
  const timer = setInterval(sweep, every);
  timer.unref();
  return () => clearInterval(timer);
}
