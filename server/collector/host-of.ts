import { BusProblem } from "../bus/problem";
import type { Fleet } from "./fleet/fleet";

/** @throws BusProblem not-found. */
export function hostOf(fleet: Pick<Fleet, "host">, id: string) {
  const host = fleet.host(id);
  if (!host) throw new BusProblem("not-found", `there is no host ${id}`);
  return host;
}
