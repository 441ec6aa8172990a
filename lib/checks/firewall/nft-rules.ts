import type { FactOf } from "../../probes/registry";
import type { Action, Chain, Rule } from "./chain";
import { all, any, inPorts, inPrefix, not, type Packet, same, sameName, type Tri } from "./packet";

type Nft = FactOf<"nft">;
type Test = (packet: Packet) => Tri;

/** The rules of nft's JSON in the form that both tools share. */
export function nftChains(nft: Nft): Chain[] {
  const sets = new Map(nft.sets.map((set) => [`${set.family}\n${set.table}\n${set.name}`, set.elem ?? []]));
  const rules = new Map<string, Rule[]>();
  for (const rule of nft.rules) {
    const key = `${rule.family}\n${rule.table}\n${rule.chain}`;
    const list = rules.get(key) ?? [];
    list.push(...readRule(rule, (name) => sets.get(`${rule.family}\n${rule.table}\n${name}`)));
    rules.set(key, list);
  }
  return nft.chains
    .filter((chain) => chain.type !== "nat" && chain.type !== "route")
    .map((chain) => ({
      tool: "nft",
      family: chain.family,
      table: chain.table,
      name: chain.name,
      rules: rules.get(`${chain.family}\n${chain.table}\n${chain.name}`) ?? [],
      ...(chain.hook === undefined
        ? {}
        : {
            base: {
              hook: chain.hook,
              prio: chain.prio ?? 0,
              policy: chain.policy === "drop" ? ("drop" as const) : ("accept" as const),
            },
          }),
    }));
}

type Elements = (name: string) => readonly unknown[] | undefined;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The only key of a statement or expression, and what stands under it. */
function unwrap(value: unknown): { readonly key: string; readonly inner: unknown } {
  const [entry] = isObject(value) ? Object.entries(value) : [];
  return entry ? { key: entry[0], inner: entry[1] } : { key: "", inner: value };
}

const text = (value: unknown, key: string): string => {
  const found = isObject(value) ? value[key] : undefined;
  return typeof found === "string" ? found : "";
};

/** Statements that change or count a packet and let it go on. */
const passing: ReadonlySet<string> = new Set([
  "counter",
  "log",
  "mangle",
  "notrack",
  "set",
  "map",
  "ct helper",
  "ct timeout",
  "ct expectation",
  "flow",
  "dup",
  "continue",
  "comment",
  "secmark",
]);

/** One rule; several where it ends in a verdict map, one for each of its elements. */
function readRule(rule: Nft["rules"][number], elements: Elements): Rule[] {
  let branches: Branch[] | undefined;
  const tests: Test[] = [];
  let action: Action = { kind: "pass" };
  let asksMac = false;
  let macSet: string | undefined;
  let counted: number | undefined;
  for (const statement of rule.expr) {
    const { key, inner } = unwrap(statement);
    if (key === "match") {
      tests.push(readMatch(inner, elements));
      if (isMac(inner)) {
        asksMac = true;
        const right = isObject(inner) ? inner.right : undefined;
        if (typeof right === "string" && right.startsWith("@")) macSet = right.slice(1);
      }
    } else if (key === "counter")
      counted = isObject(inner) && typeof inner.packets === "number" ? inner.packets : counted;
    else if (key === "accept") action = { kind: "accept" };
    else if (key === "drop" || key === "reject") action = { kind: "drop" };
    else if (key === "return") action = { kind: "return" };
    else if (key === "jump" || key === "goto") action = { kind: key, target: text(inner, "target") };
    else if (key === "xt") {
      const name = text(inner, "name");
      if (text(inner, "type") !== "target") tests.push(() => undefined);
      else if (name === "REJECT") action = { kind: "drop" };
    } else if (key === "vmap") {
      branches = branchesOf(inner, elements);
      if (!branches) action = { kind: "open" };
    } else if (key === "queue" || key === "tproxy" || key === "synproxy" || key === "fwd") action = { kind: "open" };
    else if (!passing.has(key)) tests.push(() => undefined);
  }
  const common = {
    text: `${rule.expr.map(shown).join(" ")}${rule.handle === undefined ? "" : ` # handle ${rule.handle}`}`,
    asksMac,
    ...(macSet === undefined ? {} : { macSet }),
    ...(counted === undefined ? {} : { counted }),
  };
  if (!branches) return [{ ...common, matches: (packet) => all(lazily(tests, packet)), action }];
  return branches.map((branch) => ({
    ...common,
    matches: (packet) => all(lazily([...tests, branch.test], packet)),
    action: branch.action,
  }));
}

interface Branch {
  readonly test: Test;
  readonly action: Action;
}

/** Elements of a verdict map; undefined where its key or one of its values is not understood. */
function branchesOf(vmap: unknown, elements: Elements): Branch[] | undefined {
  if (!isObject(vmap)) return undefined;
  const { data } = vmap;
  const list: unknown = typeof data === "string" ? elements(data.replace(/^@/, "")) : unwrap(data).inner;
  if (!Array.isArray(list)) return undefined;
  const branches: Branch[] = [];
  for (const element of list as readonly unknown[]) {
    const [value, verdict] = Array.isArray(element) ? (element as readonly unknown[]) : [];
    const action = verdictOf(unwrap(verdict));
    if (!action) return undefined;
    branches.push({ test: readMatch({ op: "==", left: vmap.key, right: value }, elements), action });
  }
  return branches;
}

function verdictOf({ key, inner }: { readonly key: string; readonly inner: unknown }): Action | undefined {
  if (key === "accept" || key === "drop" || key === "return") return { kind: key };
  if (key === "reject") return { kind: "drop" };
  if (key === "continue") return { kind: "pass" };
  if (key === "jump" || key === "goto") return { kind: key, target: text(inner, "target") };
  return undefined;
}

function* lazily(tests: readonly Test[], packet: Packet): Generator<Tri> {
  for (const test of tests) yield test(packet);
}

function isMac(match: unknown): boolean {
  const { key, inner } = unwrap(isObject(match) ? match.left : undefined);
  return key === "payload" && text(inner, "protocol") === "ether" && /^[sd]addr$/.test(text(inner, "field"));
}

/** One value on the right side against the packet; undefined: cannot be told. */
type Compare = (packet: Packet, value: string) => Tri;

function readMatch(match: unknown, elements: Elements): Test {
  if (!isObject(match)) return () => undefined;
  const op = typeof match.op === "string" ? match.op : "==";
  const compare = comparison(match.left);
  if (!compare || !["==", "!=", "in"].includes(op)) return () => undefined;
  const values = valuesOf(match.right, elements);
  if (!values) return () => undefined;
  return (packet) => {
    const applies = compare.applies?.(packet) ?? true;
    if (applies !== true) return applies;
    const found = any(values.map((value) => compare.compare(packet, value)));
    return op === "!=" ? not(found) : found;
  };
}

/** Values of a set, a list, a named set, or the one that stands there; undefined where one of them is of another form (range, concatenation). */
function valuesOf(right: unknown, elements: Elements): string[] | undefined {
  if (typeof right === "string") {
    if (!right.startsWith("@")) return [right];
    const named = elements(right.slice(1));
    return named ? valuesOf(named, elements) : undefined;
  }
  if (typeof right === "number") return [String(right)];
  if (Array.isArray(right)) {
    const parts = right.map((part: unknown) => valuesOf(part, elements));
    return parts.some((part) => part === undefined) ? undefined : parts.flatMap((part) => part ?? []);
  }
  const { key, inner } = unwrap(right);
  if (key === "set") return valuesOf(inner, elements);
  // An element with a time-out or counter of its own.
  if (key === "elem" && isObject(inner)) return valuesOf(inner.val, elements);
  if (key === "prefix" && isObject(inner)) return [`${text(inner, "addr")}/${String(inner.len)}`];
  return undefined;
}

interface Comparison {
  /** A rule for TCP does not apply to a ping, whatever else it asks. */
  readonly applies?: (packet: Packet) => Tri;
  readonly compare: Compare;
}

const families: ReadonlyMap<string, Packet["family"]> = new Map([
  ["ip", "ip"],
  ["ipv4", "ip"],
  ["0x0800", "ip"],
  ["ip6", "ip6"],
  ["ipv6", "ip6"],
  ["arp", "arp"],
]);

const isFamily: Compare = (packet, value) => families.get(value) === packet.family;
const isProto: Compare = (packet, value) =>
  packet.family === "arp"
    ? false
    : same(packet.proto, value === "1" ? "icmp" : value === "6" ? "tcp" : value === "17" ? "udp" : value);

function comparison(left: unknown): Comparison | undefined {
  const { key, inner } = unwrap(left);
  if (key === "meta") return metaComparison(text(inner, "key"));
  if (key === "ct" && text(inner, "key") === "state")
    return { compare: (packet, value) => (packet.family === "arp" ? value === "untracked" : packet.state === value) };
  // A first packet that the host's own rules have not redirected.
  if (key === "ct" && text(inner, "key") === "status")
    return { compare: (packet) => (packet.state === "new" ? false : undefined) };
  if (key === "payload") return payloadComparison(text(inner, "protocol"), text(inner, "field"));
  return undefined;
}

function metaComparison(key: string): Comparison | undefined {
  switch (key) {
    case "iif":
    case "iifname":
      return { compare: (packet, value) => sameName(packet.iif, value, "*") };
    case "oif":
    case "oifname":
      return { compare: (packet, value) => sameName(packet.oif, value, "*") };
    case "nfproto":
    case "protocol":
      return { compare: isFamily };
    case "l4proto":
      return { compare: isProto };
    default:
      return undefined;
  }
}

function payloadComparison(protocol: string, field: string): Comparison | undefined {
  const ofFamily = (family: Packet["family"]) => (packet: Packet) => packet.family === family;
  switch (`${protocol} ${field}`) {
    case "ether saddr":
      return { compare: (packet, value) => same(packet.smac, value) };
    case "ether daddr":
      return { compare: (packet, value) => same(packet.dmac, value) };
    case "ether type":
      return { compare: isFamily };
    case "ip saddr":
    case "ip6 saddr":
      return { applies: ofFamily(protocol === "ip" ? "ip" : "ip6"), compare: (p, value) => inPrefix(p.saddr, value) };
    case "ip daddr":
    case "ip6 daddr":
      return { applies: ofFamily(protocol === "ip" ? "ip" : "ip6"), compare: (p, value) => inPrefix(p.daddr, value) };
    case "ip protocol":
    case "ip6 nexthdr":
      return { applies: ofFamily(protocol === "ip" ? "ip" : "ip6"), compare: isProto };
    case "icmp type":
    case "icmpv6 type":
      return {
        applies: (packet) => (packet.family === "arp" ? false : same(packet.proto, "icmp")),
        compare: (_packet, value) => (value === "echo-request" ? true : value === "echo-reply" ? false : undefined),
      };
    case "tcp dport":
    case "udp dport":
      return {
        applies: (packet) => (packet.family === "arp" ? false : same(packet.proto, protocol)),
        compare: (packet, value) => inPorts(packet.dport, value),
      };
    case "tcp sport":
    case "udp sport":
      return {
        applies: (packet) => (packet.family === "arp" ? false : same(packet.proto, protocol)),
        compare: () => undefined,
      };
    case "arp operation":
    case "arp saddr ip":
    case "arp daddr ip":
    case "arp saddr ether":
    case "arp daddr ether":
      return { applies: ofFamily("arp"), compare: () => undefined };
    default:
      return undefined;
  }
}

/** A statement as nft prints it, or near to that: for people to find the rule again. */
function shown(statement: unknown): string {
  const { key, inner } = unwrap(statement);
  if (key === "match" && isObject(inner)) {
    const op = inner.op === "==" || inner.op === "in" ? "" : `${String(inner.op)} `;
    return `${expression(inner.left)} ${op}${expression(inner.right)}`;
  }
  if (key === "counter" && isObject(inner))
    return `counter packets ${String(inner.packets)} bytes ${String(inner.bytes)}`;
  if (key === "jump" || key === "goto") return `${key} ${text(inner, "target")}`;
  if (key === "xt") return `xt ${text(inner, "type")} ${text(inner, "name")}`;
  return inner === null ? key : `${key} ${JSON.stringify(inner)}`;
}

function expression(value: unknown): string {
  if (typeof value === "string") return /^[\w.:/@*-]+$/.test(value) ? value : JSON.stringify(value);
  if (typeof value === "number") return String(value);
  if (Array.isArray(value)) return `{ ${value.map(expression).join(", ")} }`;
  const { key, inner } = unwrap(value);
  if (key === "meta" || key === "ct") return key === "ct" ? `ct ${text(inner, "key")}` : text(inner, "key");
  if (key === "payload") return `${text(inner, "protocol")} ${text(inner, "field")}`;
  if (key === "prefix" && isObject(inner)) return `${text(inner, "addr")}/${String(inner.len)}`;
  if (key === "set") return expression(inner);
  return JSON.stringify(value) ?? "";
}
