import type { Auth } from "@/server/auth/engine";
import type { LoginLimits } from "@/server/auth/login-limits";
import type { WhoIs } from "@/server/auth/who";
import type { Store } from "@/server/store/store";
import type { Collector } from "./collector";
import type { WebConfig } from "./config";

/** What every part of the web process may use. */
export interface Web {
  readonly config: WebConfig;
  readonly store: Pick<Store, "incidents" | "audit">;
  readonly auth: Auth;
  readonly whoIs: WhoIs;
  readonly limits: LoginLimits;
  readonly collector: Collector;
  /** Looks all open sockets over again: a session, an account or a role has just changed. */
  readonly sessionsChanged: () => void;
  readonly log: (line: string) => void;
}
