import { fileURLToPath } from "node:url";

interface Edit {
  readonly part: "server" | "collector" | "web";
  /** Regular expression over the built part; the first match is replaced. */
  readonly find: string;
  readonly put: string;
}

interface Weakness {
  /** What the product lacks then. */
  readonly says: string;
  readonly edits: readonly Edit[];
}

const nobody = `{id:"x",name:"x",email:"x@example.org",role:"admin",by:"session",session:"x",expiresAt:null}`;

/**
 * Deliberate holes, each with the defence taken out that an attack runs into. On a product with all of them the attacks that name one must succeed
 * (`npm run attack -- --prove`): an attack that cannot succeed shows nothing when it fails.
 */
export const weaknesses: Readonly<Record<string, Weakness>> = {
  "same-user": { says: "the web process runs as the collector's user", edits: [] },
  "bus-takes-any-token": {
    says: "the bus asks for no token",
    edits: [
      {
        part: "collector",
        find: String.raw`!sameToken\(opening\.data\.token`,
        put: "false && !sameToken(opening.data.token",
      },
    ],
  },
  "collector-believes-web": {
    says: "a session is not looked up by the collector",
    edits: [
      {
        part: "collector",
        find: String.raw`return bySession\(auth\w*, credential\w*\);`,
        put: `return Promise.resolve(bySession(auth, credential)).then((who) => who ?? ${nobody});`,
      },
      {
        part: "collector",
        find: String.raw`session\w* === "" \? null : await whoIs\w*\((session\w*)\)`,
        put: 'await whoIs($1 || "nobody")',
      },
      {
        part: "collector",
        find: String.raw`session\w* === "" \? null : whoIsWith\(auth\w*, (session\w*)\)`,
        put: 'whoIsWith(auth, $1 || "nobody")',
      },
    ],
  },
  "roles-not-asked": {
    says: "roles are asked neither by the web process nor by the collector",
    edits: [
      { part: "collector", find: String.raw`if \(!allows\(who\.role, needs\w*\)\)`, put: "if (false)" },
      { part: "web", find: String.raw`!allows\(who\.role, role\w*\)`, put: "false" },
    ],
  },
  "no-login-limits": {
    says: "guessing is not limited",
    edits: [
      {
        part: "collector",
        find: String.raw`if \(known\w* && now\w* < known\w*\.until\) return known\w*\.until - now\w*;`,
        put: "",
      },
    ],
  },
  "origin-not-asked": {
    says: "the Origin of a request is not asked",
    edits: [
      { part: "web", find: String.raw`changes && \(origin`, put: "false && (origin" },
      { part: "web", find: "isForeign = ", put: "isForeign = false && " },
    ],
  },
  "host-keys-not-compared": {
    says: "a host's key is not compared with the known one",
    edits: [
      { part: "collector", find: String.raw`refused\w* = keyFailure\(`, put: "refused = ((..._) => undefined)(" },
    ],
  },
};

/** Environment of a product with all the holes. */
export function weakened(): NodeJS.ProcessEnv {
  const edits = Object.values(weaknesses).flatMap((one) => one.edits);
  // The web process gets no variable but those of its list.
  const through: Edit = { part: "server", find: String.raw`\^\(LANG\|`, put: "^(NODE_OPTIONS|TAPROOT_WEAKEN|LANG|" };
  return {
    NODE_ENV: "production",
    NODE_OPTIONS: `--import=${fileURLToPath(new URL("weaken.mjs", import.meta.url))}`,
    TAPROOT_WEAKEN: JSON.stringify([...edits, through]),
  };
}
