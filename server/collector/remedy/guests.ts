import { isIP } from "node:net";
import { type Facts, factIfRead } from "@/lib/facts/facts";
import type { GraphView } from "@/lib/graph/view";
import { addressesOf } from "@/lib/remedies/guests";
import type { HostConnection } from "../ssh/api";

/** How a guest answered from its host: an echo reply, only ARP (alive, but drops ICMP), nothing, or it could not be asked. */
export type Answer = "icmp" | "arp" | "silent" | "no-address";

/**
 * Parameters: addresses. Prints `<address> icmp|arp|silent` a line, all asked at the same time. Two requests, since the first of a cold neighbour
 * entry often only resolves it. A neighbour is REACHABLE only when it has confirmed within the last seconds (Documentation/networking/ip-sysctl).
 */
export const askScript = `
for a in "$@"; do
  (
    if ping -n -q -c 2 -i 0.3 -W 1 "$a" >/dev/null 2>&1; then echo "$a icmp"
    elif ip neigh show to "$a" | grep -q REACHABLE; then echo "$a arp"
    else echo "$a silent"; fi
  ) &
done
wait`.trim();

/** Longest time that asking takes: two requests 0.3 s apart, one second of patience, and the way there. */
export const askMs = 2_500;

/** Addresses by which a guest can be asked: what its nodes show, and whom the host's neighbour table knows under its MACs. Link-local ones need a scope and are left out. */
export function addressesOfGuest(graph: GraphView, facts: Facts, vm: string): string[] {
  const found = new Set<string>();
  const macs = new Set<string>();
  for (const edge of graph.towardsWire(vm)) {
    const vnic = graph.node(edge.from);
    if (!vnic) continue;
    if (typeof vnic.attributes.mac === "string") macs.add(vnic.attributes.mac.toLowerCase());
    for (const address of addressesOf(vnic.attributes.addresses)) found.add(address);
  }
  for (const address of addressesOf(graph.node(vm)?.attributes.addresses)) found.add(address);
  for (const entry of factIfRead(facts, "ip-neigh") ?? []) {
    if (entry.lladdr !== undefined && macs.has(entry.lladdr.toLowerCase())) found.add(entry.dst);
  }
  return [...found].filter((address) => isIP(address) !== 0 && !/^(fe80:|127\.|::1$)/i.test(address)).slice(0, 4);
}

/** Asks guests from their host. A guest with several addresses answers as its best one does. */
export async function askGuests(
  connection: HostConnection,
  addresses: ReadonlyMap<string, readonly string[]>,
): Promise<Map<string, Answer>> {
  const all = [...new Set([...addresses.values()].flat())];
  const heard = new Map<string, Answer>();
  if (all.length > 0) {
    const answer = await connection.script(askScript, all, { timeoutMs: askMs + 10_000 });
    if (answer.exit !== 0)
      throw new Error(`the guests could not be asked (exit ${answer.exit}): ${answer.stderr.trim()}`);
    for (const line of answer.stdout.split("\n")) {
      const [address, word] = line.split(" ");
      if (address && (word === "icmp" || word === "arp" || word === "silent")) heard.set(address, word);
    }
  }
  const order: readonly Answer[] = ["icmp", "arp", "silent"];
  return new Map(
    [...addresses].map(([vm, list]): [string, Answer] => {
      const answers = list.map((address) => heard.get(address));
      return [vm, order.find((word) => answers.includes(word)) ?? "no-address"];
    }),
  );
}
