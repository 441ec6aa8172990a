import type { ChangeOf } from "../changes/change";
import { kind } from "../changes/kinds/rule";
import { FilterDevice } from "../changes/shapes";
import type { Params } from "../wording";
import type { Refused, Step } from "./define";
import { refuse } from "./refusals";

type Rule = ChangeOf<"rule">;

/** Inserts a rule at the head of a chain of the table filter: what meets `conditions` passes. */
export const insertRule = (
  says: Step["says"],
  chain: Rule["chain"],
  conditions: Pick<Rule, "in" | "out" | "only">,
): Step => ({ says, change: { kind: "rule", chain, ...conditions, to: "accept", was: "absent" } });

/** The chain of the table filter that a finding names; undefined for any other. */
export const chainNamed = (name: unknown): Rule["chain"] | undefined => kind.schema.shape.chain.safeParse(name).data;

/**
 * Why a rule of iptables would not help: an accept in one table of nft, or in an earlier table of iptables, does not keep another from dropping.
 * Undefined where it would.
 */
export function noInsert(params: Params): Refused | undefined {
  if (params.tool === "nft")
    return refuse({
      en: `the rule is in nft's table ${params.family} ${params.table}: nft names a new rule only once it is there, so that no way back could be armed; change it by hand`,
      zh: `该规则在 nft 的表 ${params.family} ${params.table} 中：nft 的新规则写入后才有句柄，因此无法预先布置撤销；请手动修改`,
    });
  if (params.tool !== "iptables")
    return refuse({
      en: "the rule is in iptables' legacy tables: change it by hand with iptables-legacy",
      zh: "该规则在 iptables 的 legacy 表中：请用 iptables-legacy 手动修改",
    });
  if (params.family !== "ip" || params.table !== "filter")
    return refuse({
      en: `the rule is in table ${params.table}: change it by hand`,
      zh: `该规则在表 ${params.table} 中：请手动修改`,
    });
  return undefined;
}

/** A name that iptables takes as an interface. */
export const plainName = (name: string): boolean => FilterDevice.safeParse(name).success;
