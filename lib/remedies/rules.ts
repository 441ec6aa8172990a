import type { Params } from "../wording";
import type { Argv, Step } from "./define";

/** Waits for the lock that other programs hold while they change rules. */
const iptables = (...words: readonly string[]): Argv => ["iptables", "-w", "5", ...words];

/** Inserts a rule at the head of a chain of the table filter. The way back names the same rule: whatever is changed beside it meanwhile stays. */
export const insertRule = (says: Step["says"], chain: string, ...spec: readonly string[]): Step => {
  const rule = [...spec, "-m", "comment", "--comment", "taproot", "-j", "ACCEPT"];
  return { says, do: iptables("-I", chain, "1", ...rule), undo: iptables("-D", chain, ...rule) };
};

/**
 * Why a rule of iptables would not help: an accept in one table of nft, or in an earlier table of iptables, does not keep another from dropping. Undefined where it would.
 */
export function noInsert(params: Params): string | undefined {
  if (params.tool === "nft")
    return `the rule is in nft's table ${params.family} ${params.table}: nft names a new rule only once it is there, so that no way back could be armed; change it by hand`;
  if (params.tool !== "iptables")
    return "the rule is in iptables' legacy tables: change it by hand with iptables-legacy";
  if (params.family !== "ip" || params.table !== "filter")
    return `the rule is in table ${params.table}: change it by hand`;
  return undefined;
}

/** A name that iptables takes as an interface: nothing that reads as an option or a wildcard. */
export const plainName = (name: string): boolean => /^[A-Za-z0-9_][A-Za-z0-9_.:@-]{0,14}$/.test(name);
