import type { Who } from "@/lib/wire/bus";
import { BusProblem } from "@/server/bus/problem";
import type { Collector } from "./collector";

/** Looks a credential up: the value of the session cookie, or an API token. Null for one that is not valid now; throws when nobody can say. */
export type WhoIs = (credential: string) => Promise<Who | null>;

/** People that are remembered at most; the longest unseen goes first. */
const maxRemembered = 10_000;

/**
 * Asks the collector, each time: what was revoked is refused at the next request. While the collector is down, whoever was known last stays known, so that
 * an open page can say that it is down instead of asking for a password. Nothing is given away by it: all that a page shows comes from the collector.
 */
export function askingWhoIs(collector: Pick<Collector, "call">, now: () => number = Date.now): WhoIs {
  const remembered = new Map<string, Who>();
  return async (credential) => {
    try {
      const { who } = await collector.call("auth.who", {}, credential);
      remembered.delete(credential);
      if (who) remembered.set(credential, who);
      if (remembered.size > maxRemembered)
        for (const oldest of remembered.keys()) {
          remembered.delete(oldest);
          break;
        }
      return who;
    } catch (error) {
      const who = remembered.get(credential);
      if (!(error instanceof BusProblem && error.code === "collector-down") || !who) throw error;
      return who.expiresAt !== null && who.expiresAt <= now() ? null : who;
    }
  };
}
