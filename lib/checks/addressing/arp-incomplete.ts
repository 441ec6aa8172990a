import type { GraphNode } from "../../graph/model";
import type { FactOf } from "../../probes/registry";
import { type CheckView, defineCheck, pass, type Sample } from "../define";
import { commandLine } from "../evidence";

type Neighbour = FactOf<"ip-neigh">[number];
type View = CheckView<"ip-neigh" | "libvirt-domains">;

const silent = new Set(["FAILED", "INCOMPLETE"]);

/**
 * A gateway or a running guest that should be there does not answer ARP or NDP. Any other address may well be nobody's: no fault. INCOMPLETE is what every first
 * packet passes through, and a guest that boots is silent for a while: both count only when they last (`window`). FAILED for a gateway counts at once: the kernel has asked
 * three times by then. A guest with one address that answers is there, whatever an old lease says.
 */
export const check = defineCheck({
  id: "arp-incomplete",
  layer: "addressing",
  title: { en: "Neighbour does not answer ARP", zh: "邻居不应答 ARP" },
  message: {
    en: "{name} ({address}) does not answer on {dev}: neighbour entry is {state}",
    zh: "{name}（{address}）在 {dev} 上没有应答：邻居表项为 {state}",
  },
  expected: { en: "{address} has a MAC in the neighbour table of {dev}", zh: "{dev} 的邻居表中有 {address} 的 MAC" },
  repair: {
    en: "Find where the question or the answer is lost between {dev} and {name}: watch ARP on the bridge, on its uplink and on the TAP. Then let it ask anew: ip neigh flush dev {dev} to {address}.",
    zh: "查明请求或应答在 {dev} 与 {name} 之间何处丢失：在网桥、上行接口和 TAP 上抓取 ARP。然后让内核重新询问：ip neigh flush dev {dev} to {address}。",
  },
  explain: {
    en: "Before IP there is ARP (or NDP), which asks for the owner of an address. Without an answer nothing is sent. It is broadcast, so a wrong VLAN, a cut bridge or a filter between the two stops it.",
    zh: "IP 通信之前要先用 ARP（或 NDP）询问谁拥有该地址。没有应答就不会发送任何数据。ARP 是广播，错误的 VLAN、断开的网桥或中间的过滤规则都会阻断它。",
  },
  needs: ["ip-neigh", "libvirt-domains"],
  optional: ["libvirt-ifaddr", "libvirt-networks", "libvirt-state"],
  subjects: ["gateway", "vm"],
  settings: {
    window: {
      title: { en: "Seconds of silence that count as a fault", zh: "持续无应答多少秒视为故障" },
      default: 20,
      unit: "s",
      min: 5,
      max: 300,
    },
  },
  track: {
    silent: {
      windowMs: 300_000,
      sample(subject, view) {
        if ("from" in subject) return undefined;
        // While it is off nobody is missed, and when it comes back it has not been silent for all that time.
        if (
          subject.kind === "vm" &&
          typeof subject.attributes.state === "string" &&
          subject.attributes.state !== "running"
        )
          return 0;
        const entries = entriesOf(subject, view);
        return entries.length === 0 ? undefined : Number(entries.every((entry) => isMissed(entry, subject)));
      },
    },
  },
  sources: [
    "https://man7.org/linux/man-pages/man7/arp.7.html",
    "https://man7.org/linux/man-pages/man8/ip-neighbour.8.html",
  ],
  lab: { case: "arp-incomplete" },
  evaluate(subject, view) {
    const entries = entriesOf(subject, view);
    const [first] = entries;
    if (!first) return null;
    if (!entries.every((entry) => isMissed(entry, subject))) return pass;
    const isGateway = subject.kind === "gateway";
    const failed = isGateway && entries.some((entry) => entry.state.includes("FAILED"));
    if (!failed && silentFor(view.samples("silent"), view.now) < view.setting("window") * 1000) return null;
    const dev = first.dev ?? "-";
    return {
      status: isGateway ? "fail" : "warn",
      params: { name: subject.name, address: first.dst, dev, state: first.state.join(",") },
      evidence: [
        {
          command: commandLine(["ip", "neigh", "show", "to", first.dst, "dev", dev]),
          excerpt: entries.map((entry) => `${entry.dst} dev ${entry.dev ?? "-"} ${entry.state.join(",")}`).join("\n"),
        },
      ],
      cuts: false,
    };
  },
});

const isSilent = (entry: Neighbour): boolean => entry.state.some((state) => silent.has(state));

/** Seconds. In a table that is not full (gc_thresh1) the kernel drops no entry: that somebody asked in vain long ago, while the guest was booting, says nothing of now. */
const longAgo = 600;

const isMissed = (entry: Neighbour, subject: GraphNode): boolean =>
  isSilent(entry) && !(subject.kind === "vm" && entry.state.includes("FAILED") && (entry.updated ?? 0) > longAgo);

/** How long the newest run of silent samples has lasted, ms. */
function silentFor(samples: readonly Sample[], now: number): number {
  let since = now;
  for (let at = samples.length - 1; at >= 0; at--) {
    const sample = samples[at];
    if (!sample || sample.value === 0) break;
    since = sample.at;
  }
  return now - since;
}

/** Neighbour entries for the subject's addresses. NOARP and multicast entries are no neighbours. */
function entriesOf(subject: GraphNode, view: View): Neighbour[] {
  const table = view.fact("ip-neigh");
  if (subject.kind === "gateway")
    return table.filter((entry) => entry.dst === subject.attributes.address && entry.dev === subject.attributes.dev);
  if (subject.attributes.state !== "running") return [];
  view.factOrAbsent("libvirt-domains");
  const addresses = addressesOf(subject, view);
  return table.filter((entry) => addresses.has(entry.dst));
}

/** Addresses that a lease or the guest's agent gives to one of its MACs. */
function addressesOf(vm: GraphNode, view: View): ReadonlySet<string> {
  const macs = new Set(view.graph.towardsWire(vm.id).map((edge) => view.graph.node(edge.from)?.attributes.mac));
  const found = new Set<string>();
  for (const entry of view.factIfRead("libvirt-ifaddr")?.addresses ?? [])
    if (entry.source !== "arp" && entry.mac !== undefined && macs.has(entry.mac)) found.add(entry.address);
  for (const network of view.factIfRead("libvirt-networks") ?? [])
    for (const lease of network.leases ?? []) if (macs.has(lease.mac.toLowerCase())) found.add(lease.address);
  return found;
}
