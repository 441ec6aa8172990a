import type { Collector } from "./collector";
import type { WebConfig } from "./config";
import type { WhoIs } from "./who-is";

/** What every part of the web process may use. No store, no accounts, no key: those are the collector's. */
export interface Web {
  readonly config: WebConfig;
  readonly whoIs: WhoIs;
  readonly collector: Collector;
  /** Looks all open sockets over again: a session, an account or a role has just changed. */
  readonly sessionsChanged: () => void;
  /** Which build the pages are of; undefined where they are built as they go, and until they are there. */
  readonly build?: () => string | undefined;
  readonly log: (line: string) => void;
  /** Writes down what a visitor was refused, in bounded numbers of a kind. */
  readonly refused: (kind: string, line: string) => void;
}

/** What the web process is made of; the rest of `Web` the server makes from it. */
export type WebParts = Omit<Web, "sessionsChanged" | "refused">;
