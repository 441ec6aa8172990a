import { z } from "zod";
import { type Argv, defineKind } from "../define";
import { ofRules } from "../settles";
import { FilterDevice } from "../shapes";
import type { Touch } from "../touch";

/** Waits for the lock that other programs hold while they change rules. */
const iptables = (...words: readonly string[]): Argv => ["iptables", "-w", "5", ...words];

const Data = z
  .strictObject({
    kind: z.literal("rule"),
    chain: z.enum(["INPUT", "OUTPUT", "FORWARD"]),
    /** Interface by which a packet came in, or leaves. */
    in: FilterDevice.optional(),
    out: FilterDevice.optional(),
    /** One more property that a packet must have: an echo request, a bridged frame, an answer to what was let pass. */
    only: z.enum(["echo-request", "bridged", "answers"]).optional(),
    to: z.literal("accept"),
    was: z.literal("absent"),
  })
  .refine((rule) => rule.in !== undefined || rule.out !== undefined || rule.only !== undefined, {
    message: "a rule without a condition lets everything pass",
  });

const only = {
  "echo-request": ["-p", "icmp", "-m", "icmp", "--icmp-type", "echo-request"],
  bridged: ["-m", "physdev", "--physdev-is-bridged"],
  answers: ["-m", "conntrack", "--ctstate", "RELATED,ESTABLISHED"],
} as const;

const words = (rule: z.output<typeof Data>): string[] => [
  ...(rule.in === undefined ? [] : ["-i", rule.in]),
  ...(rule.out === undefined ? [] : ["-o", rule.out]),
  ...(rule.only === undefined ? [] : only[rule.only]),
  ...["-m", "comment", "--comment", "taproot", "-j", "ACCEPT"],
];

/**
 * A rule at the head of a chain of the table filter. The way back names the same rule and no number: whatever is changed beside it meanwhile
 * stays.
 */
export const kind = defineKind({
  schema: Data,
  programs: ["iptables"],
  steps: (rule) => ({
    do: iptables("-I", rule.chain, "1", ...words(rule)),
    undo: iptables("-D", rule.chain, ...words(rule)),
  }),
  touches: (rule) => {
    const [first, ...more] = [rule.in, rule.out]
      .filter((name) => name !== undefined)
      .map((device): Touch => ({ what: { device }, effect: "opens" }));
    return first ? [first, ...more] : [{ what: { all: "host" }, effect: "opens" }];
  },
  settles: ofRules,
  example: {
    change: { kind: "rule", chain: "FORWARD", out: "virbr0", only: "answers", to: "accept", was: "absent" },
    do: "iptables -w 5 -I FORWARD 1 -o virbr0 -m conntrack --ctstate RELATED,ESTABLISHED -m comment --comment taproot -j ACCEPT",
    undo: "iptables -w 5 -D FORWARD -o virbr0 -m conntrack --ctstate RELATED,ESTABLISHED -m comment --comment taproot -j ACCEPT",
  },
});
