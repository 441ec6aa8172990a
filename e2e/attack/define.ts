import type { World } from "./world";

/** Who attacks, and what he starts with. */
export const attackers = {
  web: "whoever owns the web process: its user, environment, bus token and what passes through it",
  hostile: "whoever owns a hypervisor, a jump host or the network in between",
  stranger: "anybody who reaches the page's address, or whose page a person visits",
  visitor: "somebody with an account: a viewer, an operator, a token",
} as const;
export type Attacker = keyof typeof attackers;

/** What came of one attempt. */
export interface Attempt {
  /** What the attacker got, looked for where it would show; null where it was looked for and is not there. */
  readonly harm: string | null;
  /** What refused it, as the attacker met it; null where nothing did. */
  readonly refused: string | null;
}

/** Where the attempt shows afterwards. `nowhere`: why nothing can show it. */
export type Seen = { readonly log: RegExp } | { readonly audit: RegExp } | { readonly nowhere: string };

/** One attack. A file of a subject holds some; each folder of an attacker holds such files. */
export interface Attack {
  readonly id: string;
  /** Number of the finding that it repeats, or whose class it belongs to (docs/security.md, "Findings"). */
  readonly finding: number;
  /** What the attacker wants, as a noun phrase: "the master key from the collector's memory". */
  readonly wants: string;
  readonly seen: Seen;
  /** Takes long: tried by `npm run attack` alone, not in `npm test`. */
  readonly slow?: true;
  /** The weakness (weaknesses.ts) under which the same attempt does succeed: shows that it can. */
  readonly succeedsWith?: string;
  attempt(world: World): Promise<Attempt>;
}

/** An attempt in which several things were tried: harm where one of them did any, refused where all of them were. */
export function all(tried: readonly { what: string; refused: boolean; got: string }[]): Attempt {
  if (tried.length === 0) throw new Error("nothing was tried");
  const taken = tried.filter((one) => !one.refused);
  if (taken.length > 0) return { harm: taken.map((one) => `${one.what}: ${one.got}`).join("; "), refused: null };
  const answers = [...new Set(tried.map((one) => one.got))].slice(0, 4).join(", ");
  return { harm: null, refused: tried.length === 1 ? answers : `${tried.length} of ${tried.length}: ${answers}` };
}
