import type { GraphNode } from "../../graph/model";
import { type CheckView, defineCheck, pass, type Verdict } from "../define";
import { commandLine } from "../evidence";
import { lasting } from "../growth";
import { bridgeOf } from "../guest-network";

/**
 * The gateway's MAC changed: to that of one of our own guests, or back and forth - then somebody takes its place; once - then it may have been replaced or have failed over. Virtual
 * routers that share a MAC (VRRP, HSRP) do not change it. A guest that has always been the gateway is one by design.
 *
 * And, told on the host: one MAC has the neighbour entries of several guests' addresses, each of which its own guest's agent tells as its own. It has to last longer than agents are asked
 * anew, for addresses move (keepalived). No fault: a router that answers for others (proxy ARP), whose MAC is a gateway's here; shared MACs of virtual routers; another NIC of the same guest;
 * many addresses of nobody that we know. One address taken from one guest is address-duplicate's to tell: both answer when asked.
 */
export const check = defineCheck({
  id: "arp-spoofing",
  layer: "addressing",
  title: { en: "Another MAC took an ARP entry", zh: "ARP 表项被其他 MAC 占用" },
  message: {
    en: "{gateway}{more} on {dev} was {before} and is {mac} now ({owner}); {changes} changes in {minutes} min",
    zh: "{dev} 上的 {gateway}{more} 原为 {before}，现为 {mac}（{owner}）；{minutes} 分钟内变化 {changes} 次",
  },
  expected: { en: "{gateway} keeps its MAC", zh: "{gateway} 的 MAC 保持不变" },
  repair: {
    en: "Find the port of {mac}: bridge fdb show | grep -i {mac}. If it is a guest, unplug it and ask its owner. Until then pin the right one: ip neigh replace {gateway} lladdr {before} dev {dev} nud permanent (undo: ip neigh del {gateway} dev {dev}).",
    zh: "查找 {mac} 所在端口：bridge fdb show | grep -i {mac}。若为虚拟机，将其断开并询问负责人。在此之前可固定正确的表项：ip neigh replace {gateway} lladdr {before} dev {dev} nud permanent（撤销：ip neigh del {gateway} dev {dev}）。",
  },
  explain: {
    en: "The machine that answers ARP for the gateway gets all traffic that leaves the subnet. It is an attack, or just as often a guest that was given the gateway's address by mistake. That one MAC stands for the addresses of several guests is seen only where their agents tell these addresses.",
    zh: "谁应答网关的 ARP，谁就得到所有离开本网段的流量。可能是攻击，也常常只是虚拟机误配了网关地址。若一个 MAC 占用多台虚拟机的地址，只有其代理报告这些地址时才能看出。",
  },
  needs: ["ip-neigh"],
  optional: ["libvirt-ifaddr"],
  subjects: ["gateway", "host"],
  settings: {
    window: {
      title: { en: "Minutes for which a change is reported", zh: "变化的报告时长（分钟）" },
      default: 15,
      unit: "min",
      min: 1,
      max: 60,
    },
    lasting: {
      title: {
        en: "Seconds for which one MAC has to stand for several guests",
        zh: "一个 MAC 占用多台虚拟机地址需持续的秒数",
      },
      // Agents are asked every five minutes: by then each has told twice what it has.
      default: 600,
      unit: "s",
      min: 60,
      max: 3_600,
    },
    quiet: {
      title: {
        en: "Seconds of quiet after which a MAC that came back is well",
        zh: "原 MAC 恢复后视为正常所需的安静秒数",
      },
      default: 30,
      unit: "s",
      min: 5,
      max: 3_600,
    },
  },
  track: {
    mac: {
      windowMs: 3_600_000,
      sample(subject, view) {
        if ("from" in subject || subject.kind !== "gateway") return undefined;
        const mac = macNow(subject, view);
        return mac === undefined ? undefined : numberOf(mac);
      },
    },
    claims: {
      windowMs: 3_600_000,
      sample(subject, view) {
        if ("from" in subject || subject.kind !== "host") return undefined;
        const taken = takenFromGuests(view);
        return taken && Number(claimsOf(taken, view).length > 1);
      },
    },
  },
  sources: [
    "https://man7.org/linux/man-pages/man7/arp.7.html",
    "https://man7.org/linux/man-pages/man8/ip-neighbour.8.html",
  ],
  lab: { case: "arp-spoofing" },
  evaluate(gateway, view) {
    if (gateway.kind === "host") return judgeClaims(view);
    const mac = macNow(gateway, view);
    const { address, dev } = gateway.attributes;
    if (mac === undefined || typeof address !== "string" || typeof dev !== "string") return null;
    const minutes = view.setting("window");
    const samples = view.samples("mac");
    const from = view.now - minutes * 60_000;
    const changed = samples.filter((one, at) => at > 0 && one.value !== samples[at - 1]?.value && one.at >= from);
    const last = changed.at(-1);
    if (!last) return pass;
    // Back at the MAC that it had at first, and quiet since: past.
    const [first] = samples;
    if (first?.value === numberOf(mac) && view.now - last.at >= view.setting("quiet") * 1000) return pass;
    const before = samples.findLast((one) => one.at < last.at && one.value !== numberOf(mac))?.value;
    if (before === undefined) return pass;
    const guest = view.graph.ofKind("vnic").find((one) => one.attributes.mac === mac);
    return {
      status: guest || changed.length > 1 ? "fail" : "warn",
      cuts: false,
      params: {
        gateway: address,
        more: "",
        dev,
        before: textOf(before),
        mac,
        owner: guest ? String(guest.attributes.vm ?? guest.name) : "?",
        changes: changed.length,
        minutes,
      },
      evidence: [
        {
          command: commandLine(["ip", "neigh", "show", "to", address, "dev", dev]),
          excerpt: `${address} lladdr ${mac} (before: ${textOf(before)})`,
        },
        {
          command: commandLine(["ip", "-ts", "monitor", "neigh"]),
          excerpt: `${changed.length} changes of ${address} seen`,
        },
      ],
      ...(guest ? { alsoOn: [guest.id] } : {}),
    };
  },
});

const macNow = (gateway: GraphNode, view: CheckView<"ip-neigh">): string | undefined =>
  view
    .fact("ip-neigh")
    .find((one) => one.dst === gateway.attributes.address && one.dev === gateway.attributes.dev)
    ?.lladdr?.toLowerCase();

/** A MAC fits a number: 48 of its 53 bits. Links with longer addresses (InfiniBand) are not sampled. */
export function numberOf(mac: string): number | undefined {
  return /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(mac) ? Number.parseInt(mac.replaceAll(":", ""), 16) : undefined;
}

const textOf = (number: number): string => (number.toString(16).padStart(12, "0").match(/../g) ?? []).join(":");

interface Entry {
  readonly address: string;
  readonly dev: string;
  /** Who has it by the host's neighbour table. */
  readonly mac: string;
  /** Who has it by its own agent. */
  readonly owner: GraphNode;
}

/**
 * Neighbour entries of addresses that guests' agents tell as their own and that another MAC has, on the bridges that these guests are plugged into; undefined where there is no entry of any
 * such address. Of the graph nothing is looked at while all is well.
 */
function takenFromGuests(view: CheckView<"ip-neigh">): Entry[] | undefined {
  const told = new Map<string, string>();
  for (const one of view.factIfRead("libvirt-ifaddr")?.addresses ?? [])
    if (one.source === "agent" && one.family === "ipv4" && one.mac !== undefined) told.set(one.address, one.mac);
  // Read first: a host whose neighbours cannot be read is no host without such entries.
  const neighbours = view.fact("ip-neigh");
  if (told.size === 0) return undefined;
  const known = neighbours.filter((one) => one.lladdr !== undefined && told.has(one.dst));
  if (known.length === 0) return undefined;
  const taken = known.filter((one) => one.lladdr?.toLowerCase() !== told.get(one.dst));
  return taken.flatMap(({ dst, dev, lladdr = "" }) => {
    const owner = view.graph.ofKind("vnic").find((one) => one.attributes.mac === told.get(dst));
    if (!owner || dev === undefined || bridgeOf(owner, view.graph)?.name !== dev) return [];
    return [{ address: dst, dev, mac: lladdr.toLowerCase(), owner }];
  });
}

/** VRRP and CARP, HSRP of both versions. */
const isShared = (mac: string): boolean => /^(?:00:00:5e:00:0[12]|00:00:0c:07:ac|00:00:0c:9f:f)/.test(mac);

/** The largest group of entries that one MAC has taken from several guests. A gateway's MAC may stand for others: proxy ARP. */
function claimsOf(entries: readonly Entry[], view: CheckView<"ip-neigh">): Entry[] {
  if (entries.length < 2) return [];
  const trusted = new Set(view.graph.ofKind("gateway").map((one) => macNow(one, view)));
  const byMac = new Map<string, Entry[]>();
  for (const entry of entries) {
    if (isShared(entry.mac) || trusted.has(entry.mac)) continue;
    const claimer = view.graph.ofKind("vnic").find((one) => one.attributes.mac === entry.mac);
    if (claimer && claimer.attributes.vm === entry.owner.attributes.vm) continue;
    byMac.set(entry.mac, [...(byMac.get(entry.mac) ?? []), entry]);
  }
  const groups = [...byMac.values()].filter((group) => new Set(group.map((one) => one.owner.attributes.vm)).size > 1);
  return groups.sort((a, b) => b.length - a.length)[0] ?? [];
}

function judgeClaims(view: CheckView<"ip-neigh">): Verdict {
  const taken = takenFromGuests(view);
  if (!taken) return null;
  const claims = claimsOf(taken, view);
  const [first] = claims;
  if (!first || lasting(view.samples("claims"), view.now) < view.setting("lasting") * 1000) return pass;
  const guest = view.graph.ofKind("vnic").find((one) => one.attributes.mac === first.mac);
  const rest = claims.length - 1;
  return {
    status: "fail",
    cuts: false,
    params: {
      gateway: first.address,
      more: { en: ` and ${rest} more`, zh: ` 及另外 ${rest} 个地址` },
      dev: first.dev,
      before: String(first.owner.attributes.mac),
      mac: first.mac,
      owner: guest ? String(guest.attributes.vm ?? guest.name) : "?",
      changes: claims.length,
      minutes: Math.round(view.setting("lasting") / 60),
    },
    evidence: [
      {
        command: commandLine(["ip", "neigh", "show", "dev", first.dev]),
        excerpt: claims.map((one) => `${one.address} lladdr ${one.mac}`).join("\n"),
      },
      ...claims.map((one) => ({
        command: commandLine(["virsh", "domifaddr", String(one.owner.attributes.vm), "--source", "agent"]),
        excerpt: `${String(one.owner.attributes.mac)} ipv4 ${one.address}`,
      })),
    ],
    alsoOn: [...(guest ? [guest.id] : []), ...claims.map((one) => one.owner.id)],
  };
}
