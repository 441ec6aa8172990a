import type { FactOf } from "../../probes/registry";
import type { Action, Chain, Rule } from "./chain";
import { all, any, inPorts, inPrefix, not, type Packet, same, sameName, type Tri } from "./packet";

/** Priorities of iptables' tables at the hooks they share (netfilter_ipv4.h). The nat table decides on no packet's fate. */
const priorities: ReadonlyMap<string, number> = new Map([
  ["raw", -300],
  ["mangle", -150],
  ["filter", 0],
  ["security", 50],
]);

const hooks: ReadonlyMap<string, string> = new Map([
  ["PREROUTING", "prerouting"],
  ["INPUT", "input"],
  ["FORWARD", "forward"],
  ["OUTPUT", "output"],
  ["POSTROUTING", "postrouting"],
]);

/** The rules of iptables-save, IPv4 and IPv6, in the form that both tools share. */
export function iptablesChains(rulesets: FactOf<"iptables">): Chain[] {
  const chains: Chain[] = [];
  for (const { family, backend, tables } of rulesets)
    for (const table of tables) {
      const prio = priorities.get(table.name);
      if (prio === undefined) continue;
      const rules = new Map<string, Rule[]>();
      for (const rule of table.rules) {
        const list = rules.get(rule.chain) ?? [];
        list.push({ ...readRule(rule.text, `[${rule.packets}:${rule.bytes}] ${rule.text}`), counted: rule.packets });
        rules.set(rule.chain, list);
      }
      for (const chain of table.chains) {
        const hook = chain.policy === undefined ? undefined : hooks.get(chain.name);
        chains.push({
          tool: backend === "legacy" ? "iptables-legacy" : "iptables",
          family: family === "inet6" ? "ip6" : "ip",
          table: table.name,
          name: chain.name,
          rules: rules.get(chain.name) ?? [],
          ...(hook === undefined
            ? {}
            : {
                base: {
                  hook,
                  prio,
                  policy: chain.policy === "DROP" ? ("drop" as const) : ("accept" as const),
                  counted: chain.packets,
                },
              }),
        });
      }
    }
  return chains;
}

type Test = (packet: Packet) => Tri;

/** Words as iptables-save quotes them: "a \"b\"". */
function words(text: string): string[] {
  return [...text.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map((match) =>
    match[1] === undefined ? (match[2] ?? "") : match[1].replaceAll(/\\(.)/g, "$1"),
  );
}

const dev =
  (key: "iif" | "oif" | "physin" | "physout") =>
  (value: string): Test =>
  (packet) =>
    key.startsWith("phys") && !packet.bridged ? false : sameName(packet[key], value, "+");

const states =
  (value: string): Test =>
  (packet) =>
    value.toUpperCase().split(",").includes(packet.state.toUpperCase());

const port = (): Test => (packet) => (packet.proto === "icmp" ? false : undefined);

/** `22`, `1000:2000`, and of multiport a list of both. */
const dport =
  (value: string): Test =>
  (packet) =>
    packet.proto === "icmp" ? false : any(value.split(",").map((one) => inPorts(packet.dport, one)));

/** Conditions with one value that are understood; all others leave the rule open. */
const conditions: ReadonlyMap<string, (value: string) => Test> = new Map([
  ["-i", dev("iif")],
  ["-o", dev("oif")],
  ["--physdev-in", dev("physin")],
  ["--physdev-out", dev("physout")],
  ["-s", (value) => (packet) => inPrefix(packet.saddr, value)],
  ["-d", (value) => (packet) => inPrefix(packet.daddr, value)],
  ["-p", (value) => (packet) => (value === "all" ? true : same(packet.proto, value === "ipv6-icmp" ? "icmp" : value))],
  ["--mac-source", (value) => (packet) => same(packet.smac, value)],
  ["--ctstate", states],
  ["--state", states],
  ["--icmp-type", (value) => () => (value === "8" || value === "any" ? true : value === "0" ? false : undefined)],
  ["--icmpv6-type", (value) => () => (value === "128" ? true : undefined)],
  ["--dport", dport],
  ["--sport", port],
  ["--dports", dport],
  ["--sports", port],
  ["--ports", port],
]);

/** Conditions without a value. */
const flags: ReadonlyMap<string, Test> = new Map([
  ["--physdev-is-bridged", (packet: Packet): Tri => packet.bridged],
  ["--physdev-is-in", (packet: Packet): Tri => packet.bridged],
  ["--physdev-is-out", (packet: Packet): Tri => packet.bridged],
]);

const open: Test = () => undefined;

function readRule(text: string, shown: string): Rule {
  const parts = words(text);
  const tests: Test[] = [];
  let action: Action = { kind: "pass" };
  let negated = false;
  let asksMac = false;
  let macSet: string | undefined;
  for (let at = 2; at < parts.length; at++) {
    const word = parts[at] ?? "";
    if (word === "-j" || word === "-g") {
      action = actionOf(parts[at + 1] ?? "", word === "-g");
      break;
    }
    if (word === "!") {
      negated = true;
      continue;
    }
    const flag = flags.get(word);
    const condition = conditions.get(word);
    if (word === "-m" || word === "--comment") at++;
    else if (flag) tests.push(negate(flag, negated));
    else if (condition) {
      const value = parts[++at] ?? "";
      if (word === "--mac-source") asksMac = true;
      tests.push(negate(condition(value), negated));
    } else if (word === "--match-set") {
      const [set = "", directions = ""] = [parts[at + 1], parts[at + 2]];
      at += 2;
      tests.push(open);
      if (/mac/i.test(set) && directions.includes("src")) macSet = set;
    } else tests.push(open);
    negated = false;
  }
  return {
    matches: (packet) => all(lazily(tests, packet)),
    action,
    text: shown,
    asksMac: asksMac || macSet !== undefined,
    ...(macSet === undefined ? {} : { macSet }),
  };
}

function* lazily(tests: readonly Test[], packet: Packet): Generator<Tri> {
  for (const test of tests) yield test(packet);
}

const negate =
  (test: Test, negated: boolean): Test =>
  (packet) =>
    negated ? not(test(packet)) : test(packet);

/** Targets that let a packet go on to the next rule. */
const passing: ReadonlySet<string> = new Set([
  ..."LOG NFLOG ULOG MARK CONNMARK CHECKSUM TCPMSS TTL HL DSCP TOS CLASSIFY CT NOTRACK SET TRACE AUDIT SECMARK CONNSECMARK".split(
    " ",
  ),
]);

function actionOf(target: string, isGoto: boolean): Action {
  if (isGoto) return { kind: "goto", target };
  if (target === "ACCEPT") return { kind: "accept" };
  if (target === "DROP" || target === "REJECT") return { kind: "drop" };
  if (target === "RETURN") return { kind: "return" };
  if (target === "" || passing.has(target)) return { kind: "pass" };
  if (/^(NFQUEUE|QUEUE|TPROXY|TEE|SYNPROXY)$/.test(target)) return { kind: "open" };
  return { kind: "jump", target };
}
