import { apiKey } from "@better-auth/api-key";
import { type BetterAuthOptions, betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { createAccessControl } from "better-auth/plugins/access";
import { admin } from "better-auth/plugins/admin";
import { cookieName, sessionSeconds, tokenPrefix } from "./names";

type KyselyDatabase = Extract<NonNullable<BetterAuthOptions["database"]>, { db: unknown; type: unknown }>;

/** What accounts need of the store (server/store): the query builder, its dialect, and a key of their own that signs sessions. */
export interface AuthStore {
  readonly db: KyselyDatabase["db"];
  readonly dialect?: "sqlite" | "postgres";
  keyFor(purpose: string): Buffer;
}

const access = createAccessControl({ taproot: ["use"] });
const noRights = access.newRole({ taproot: [] });

/**
 * better-auth as a library: its tables, hashing, sessions and API keys, but none of its HTTP routes, so that nothing is reachable that our own router does
 * not name, and each route there states the role it asks for. Its own rate limits are off because ours (limit.ts) count by account as well.
 */
function optionsFor(store: AuthStore) {
  return {
    database: { db: store.db, type: store.dialect ?? "sqlite" },
    // Made from the master key: a copy of the database alone opens no session.
    secret: store.keyFor("sessions").toString("base64url"),
    // Only used for links that better-auth would make, and it makes none here.
    baseURL: "http://localhost",
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    logger: { level: "error" as const, log: logFault },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      autoSignIn: false,
      minPasswordLength: 10,
      maxPasswordLength: 1024,
    },
    session: { expiresIn: sessionSeconds, disableSessionRefresh: true, freshAge: 0 },
    advanced: {
      useSecureCookies: false, // The router writes the cookie, and sets Secure when the site is reached by https.
      cookies: { session_token: { name: cookieName } },
      ipAddress: { ipAddressHeaders: ["x-taproot-address"] },
    },
    plugins: [
      admin({
        roles: { viewer: noRights, operator: noRights, admin: noRights },
        adminRoles: ["admin"],
        defaultRole: "viewer",
      }),
      apiKey({
        defaultPrefix: tokenPrefix,
        defaultKeyLength: 64,
        enableMetadata: true,
        requireName: true,
        maximumNameLength: 100,
        rateLimit: { enabled: false },
        keyExpiration: { maxExpiresIn: 3650 },
        startingCharactersConfig: { charactersLength: tokenPrefix.length + 6 },
      }),
    ],
  } satisfies BetterAuthOptions;
}

/** Expected refusals (a wrong password, an unknown token) are answers, not log lines: a stranger could fill the disk with them. */
function logFault(_level: string, message: string, ...rest: unknown[]): void {
  const isRefusal = rest.some((one) => one instanceof Error && "statusCode" in one && Number(one.statusCode) < 500);
  if (!isRefusal) console.error("accounts:", message, ...rest);
}

/** Opens accounts on a store; makes their tables where they are missing. */
export async function openAuth(store: AuthStore) {
  const options = optionsFor(store);
  await migrate(options);
  const auth = betterAuth(options);
  return { api: auth.api, context: await auth.$context };
}
export type Auth = Awaited<ReturnType<typeof openAuth>>;

async function migrate(options: BetterAuthOptions): Promise<void> {
  const { toBeCreated, toBeAdded, runMigrations } = await getMigrations(options);
  if (toBeCreated.length + toBeAdded.length > 0) await runMigrations();
}
