import type { GraphNode } from "../../graph/model";
import type { GraphView } from "../../graph/view";
import type { FdbEntry } from "../../probes/bridge-fdb";
import { filled, type Wording } from "../../wording";
import { type CheckView, defineCheck, type Evidence, pass, unknown } from "../define";
import { commandLine } from "../evidence";
import { guestOf, speaksHere } from "../guest-network";
import { asLogged, type KernelLine, recentLinesIfRead } from "../kernel-lines";
import { dataOf, fdbLine, fdbOf, isElsewhere, isLearned, linkNamed, plugOf, portsOfBridge, vlanTest } from "../layer2";
import { heardAt, timesHeard } from "./heard";
import { wayBack } from "./way-back";

/**
 * Frames that a bridge sends come back to it. Said in three cases only, for each sign alone has other causes:
 * - by structure: veth pairs lead from the bridge back to itself, nothing blocks, STP is off;
 * - by what is logged: the kernel logs frames with the bridge's own address as source, time and again, and on the same port the addresses of guests that are plugged in here
 *   are learned. (Own-address lines alone may be a twin of the host: kernel-net-errors; a guest's address alone may be a twin of the guest: fdb-guest-on-uplink.)
 * - by moves: the addresses of two and more guests that run here are learned on one other port, reading after reading. (A bond without LACP that gets its own broadcasts back
 *   by its other member does the same and is no loop of the bridge's: bond-mode-unsafe. A guest that arrives by migration is paused here until it speaks here.)
 *
 * It passes only where it could see: the table was read, and either the log too, or two guests whose addresses would move, or spanning tree guards, or there is no port to come back by.
 * How many packets go round is judged by broadcast-storm.
 */
export const check = defineCheck({
  id: "bridge-loop",
  layer: "bridge",
  title: { en: "Loop at a bridge", zh: "网桥存在环路" },
  message: {
    en: "Frames sent by {bridge} return on {port}: loop ({sign})",
    zh: "{bridge} 发出的帧从 {port} 返回：存在环路（{sign}）",
  },
  expected: { en: "No frame that left {bridge} comes back", zh: "{bridge} 发出的帧不会返回" },
  repair: {
    en: "Cut one of the ways: ip link set {port} nomaster (or down), or unplug one of the two cables behind it. To guard against the next: ip link set {bridge} type bridge stp_state 1.",
    zh: "断开其中一条路径：ip link set {port} nomaster（或 down），或拔掉其后两根线中的一根。为防止再次发生：ip link set {bridge} type bridge stp_state 1。",
  },
  explain: {
    en: "Ethernet has no hop limit: in a loop each broadcast goes round for ever and every address seems to be behind the wrong port. All guests on the bridge suffer, often the whole segment. It shows in three ways: veth pairs lead back to the bridge; the kernel logs its own address as source time and again, and guests' addresses are learned on that port; or the addresses of two and more running guests are learned on one other port, reading after reading. Where the log was not read and fewer than two guests run, a loop outside would not be seen: then it is unknown.",
    zh: "以太网没有跳数限制：环路中每个广播会无限循环，每个地址都像在错误的端口后面。网桥上的所有虚拟机、常常是整个网段都会受影响。可通过三种迹象发现：veth 对回到同一网桥；内核反复记录“own address as source”且虚拟机地址在该端口学习到；两台及以上运行中的虚拟机的地址反复在同一个其他端口上学习到。日志未读取、且运行中的虚拟机少于两台时，外部环路不会被看到：结果为未知。",
  },
  needs: ["ip-link", "bridge-fdb"],
  optional: ["kernel-log", "clock", "bond", "bridge-vlan", "duplicate-owners"],
  subjects: ["bridge"],
  settings: {
    lines: {
      title: { en: "Own-address lines in the log", zh: "日志中自身地址记录数" },
      default: 5,
      unit: "lines",
      min: 1,
      max: 1_000,
    },
    window: {
      title: { en: "Minutes for which a line counts", zh: "日志有效时长（分钟）" },
      default: 5,
      unit: "min",
      min: 1,
      max: 1_440,
    },
    readings: {
      title: { en: "Readings in which guests' addresses have moved", zh: "虚拟机地址漂移的读取次数" },
      default: 3,
      unit: "readings",
      min: 2,
      max: 30,
    },
    span: {
      title: { en: "Seconds for which a move counts", zh: "漂移有效时长（秒）" },
      default: 120,
      unit: "s",
      min: 20,
      max: 300,
    },
  },
  track: {
    moved: {
      windowMs: 300_000,
      sample: (subject, view) => ("from" in subject ? undefined : strays(subject, view)?.heard),
    },
  },
  sources: [
    "https://docs.kernel.org/networking/bridge.html",
    "https://github.com/torvalds/linux/blob/v6.1/net/bridge/br_fdb.c",
  ],
  lab: { case: "bridge-loop" },
  evaluate(subject, view) {
    const links = view.fact("ip-link");
    if (isElsewhere(subject) || subject.attributes.up !== true) return null;
    const own = linkNamed(links, subject.name);
    const ring = dataOf(own, "stp_state") === 0 && dataOf(own, "vlan_filtering") !== 1 && wayBack(subject, view.graph);
    if (ring)
      return {
        status: "fail",
        params: { bridge: subject.name, port: ring.name, sign: "veth" },
        evidence: [
          {
            command: commandLine(["ip", "-br", "link", "show", "master", subject.name, "type", "veth"]),
            excerpt: `${ring.name} leads back to ${subject.name}, stp_state 0`,
          },
        ],
        cuts: false,
      };
    if (!hasPort(subject, view.graph)) return pass;
    const found = seen(subject, view) ?? moved(subject, view);
    if (found)
      return {
        status: "fail",
        params: { bridge: subject.name, port: found.port, sign: found.sign },
        evidence: found.evidence,
        cuts: false,
      };
    const stp = dataOf(own, "stp_state");
    const logRead = view.factIfRead("kernel-log") !== undefined && view.factIfRead("clock") !== undefined;
    if (logRead || (typeof stp === "number" && stp > 0) || guestsOf(subject, view).length > 1) return pass;
    const { uplinks } = portsOfBridge(view.graph, subject.id);
    return uplinks.length === 0
      ? pass
      : unknown(
          {
            en: "kernel-log: not read, and no two guests of {bridge} whose addresses would move",
            zh: "kernel-log：未读取，且 {bridge} 上没有两台虚拟机可供观察地址漂移",
          },
          { bridge: subject.name },
        );
  },
});

type View = CheckView<"ip-link" | "bridge-fdb">;

/** Whether anything can come back at all. */
const hasPort = (subject: GraphNode, graph: GraphView): boolean => {
  const { uplinks, others } = portsOfBridge(graph, subject.id);
  return [...uplinks, ...others].some((port) => port.attributes.up === true);
};

interface Guest {
  readonly mac: string;
  readonly vm: string;
  readonly tap: string;
}

/** Guests that run and are plugged into this bridge. One that is paused may be on its way here, and speaks where it comes from. */
function guestsOf(subject: GraphNode, view: View): Guest[] {
  const { graph } = view;
  return portsOfBridge(graph, subject.id).others.flatMap((tap) =>
    graph.towardsGuest(tap.id).flatMap((edge): Guest[] => {
      const vnic = edge.kind === "tap-vnic" ? graph.node(edge.to) : undefined;
      if (!vnic || typeof vnic.attributes.mac !== "string") return [];
      const vm = guestOf(vnic, graph);
      return vm && speaksHere(vnic, view) ? [{ mac: vnic.attributes.mac, vm: vm.id, tap: tap.name }] : [];
    }),
  );
}

interface Strays {
  readonly port: string;
  readonly entries: readonly FdbEntry[];
  /** Since when two guests or more were heard there, Unix seconds: when the second newest of them was. Undefined where there is one only. */
  readonly heard: number | undefined;
}

/** The port on which addresses of two guests were heard last that are plugged in elsewhere on the bridge; one entry a guest. */
function strays(subject: GraphNode, view: View): Strays | undefined {
  const table = view.fact("bridge-fdb");
  const inVlan = vlanTest(subject.name, view);
  const byPort = new Map<string, Map<string, FdbEntry>>();
  for (const { mac, vm, tap } of guestsOf(subject, view))
    for (const entry of fdbOf(table, mac)) {
      if (!isLearned(entry) || entry.master !== subject.name || entry.ifname === undefined || entry.ifname === tap)
        continue;
      if (!inVlan(entry, tap)) continue;
      const found = byPort.get(entry.ifname) ?? new Map<string, FdbEntry>();
      byPort.set(entry.ifname, found.set(vm, entry));
    }
  const found = [...byPort].map(([port, byGuest]): Strays => {
    const entries = [...byGuest.values()];
    const [, heard] = entries.map((entry) => heardAt(entry, view)).sort((a, b) => b - a);
    return { port, entries, heard };
  });
  return found.sort((a, b) => (b.heard ?? 0) - (a.heard ?? 0))[0];
}

/** Addresses of several guests are heard on one other port, time and again. */
function moved(subject: GraphNode, view: View): Found | undefined {
  const times = timesHeard(view.samples("moved"), view.now - view.setting("span") * 1000);
  // When they were heard is in the samples: the table is looked through again only to show it.
  if (times < view.setting("readings")) return undefined;
  const now = strays(subject, view);
  const [entry] = now?.entries ?? [];
  if (!now || !entry || reflects(now.port, subject, view)) return undefined;
  return {
    port: now.port,
    sign: filled(
      { en: "FDB: {guests} guests, {times} x", zh: "FDB：{guests} 台虚拟机，{times} 次" },
      { guests: now.entries.length, times },
    ),
    evidence: [
      {
        command: commandLine(["bridge", "fdb", "show", "dev", now.port]),
        excerpt: now.entries.map(fdbLine).join("\n"),
      },
    ],
  };
}

/** A bond, or a VLAN over one, that takes in by one member what it has sent by another: the switch knows nothing of the bond. */
function reflects(port: string, subject: GraphNode, view: View): boolean {
  const bonds = view.factIfRead("bond") ?? [];
  const { graph } = view;
  let node = portsOfBridge(graph, subject.id).uplinks.find((one) => one.name === port);
  // What a host tells of parents may go in a circle.
  const seenNodes = new Set<string>();
  while (node && !seenNodes.has(node.id)) {
    const { id, name } = node;
    seenNodes.add(id);
    if (["balance-rr", "balance-xor", "broadcast"].includes(bonds.find((bond) => bond.ifname === name)?.mode ?? ""))
      return true;
    const below = graph.towardsWire(id).find((edge) => edge.kind === "vlan-parent");
    node = below && graph.node(below.from);
  }
  return false;
}

interface Found {
  readonly port: string;
  readonly sign: Wording;
  readonly evidence: readonly [Evidence, ...Evidence[]];
}

/** `br0: received packet on bond0 with own address as source address (addr:..., vlan:0)`, and guests' addresses behind that port. */
function seen(subject: GraphNode, view: View): Found | undefined {
  const minutes = view.setting("window");
  const byPort = new Map<string, KernelLine[]>();
  for (const line of recentLinesIfRead(view, minutes)) {
    if (!line.kernel) continue;
    const match = /^(\S+): received packet on (\S+) with own address as source address/.exec(line.text);
    if (match?.[1] !== subject.name || match[2] === undefined) continue;
    byPort.set(match[2], [...(byPort.get(match[2]) ?? []), line]);
  }
  const table = view.fact("bridge-fdb");
  for (const [port, lines] of byPort) {
    const last = lines.at(-1);
    if (lines.length < view.setting("lines") || !last) continue;
    const stray = view.graph.ofKind("vnic").flatMap((vnic) => {
      const plug = plugOf(vnic, view.graph);
      if (plug?.bridge.id !== subject.id || plug.tap.name === port) return [];
      return fdbOf(table, String(vnic.attributes.mac)).filter((entry) => entry.ifname === port && isLearned(entry));
    });
    const [entry] = stray;
    if (!entry) continue;
    const evidence: readonly [Evidence, ...Evidence[]] = [
      { command: "dmesg", excerpt: asLogged(last) },
      { command: commandLine(["bridge", "fdb", "show", "dev", port]), excerpt: fdbLine(entry) },
    ];
    return { port, sign: { en: `${lines.length} x own address`, zh: `${lines.length} 条自身地址回环日志` }, evidence };
  }
  return undefined;
}
