import type { GraphNode } from "../../graph/model";
import type { GraphView } from "../../graph/view";
import { learned, setBridge, withFdb } from "../bridge-examples";
import { type CheckView, defineCheck, type Evidence, pass } from "../define";
import { commandLine } from "../evidence";
import { logLine, withHost } from "../host-examples";
import { asLogged, type KernelLine, recentLinesIfRead } from "../kernel-lines";
import { dataOf, fdbLine, fdbOf, isElsewhere, isLearned, linkNamed, plugOf } from "../layer2";
import { addLinks, bondHost, bridge, edit, enslaved, link, plainHost, unread } from "../testing";

/**
 * Frames that a bridge sends come back to it. Said in two cases only, for either sign alone has other causes:
 * - by structure: veth pairs lead from the bridge back to itself, nothing blocks, STP is off;
 * - by what is seen: the kernel logs frames with the bridge's own address as source, time and again, and on the same port the addresses of guests that are plugged in here
 *   are learned. (Own-address lines alone may be a twin of the host: kernel-net-errors; a guest's address alone may be a twin of the guest: fdb-guest-on-uplink.)
 */
export const check = defineCheck({
  id: "bridge-loop",
  layer: "bridge",
  title: { en: "Loop at a bridge", zh: "网桥存在环路" },
  message: {
    en: "What {bridge} sends comes back by {port}: a loop ({sign})",
    zh: "{bridge} 发出的帧从 {port} 返回：存在环路（{sign}）",
  },
  expected: { en: "No frame that left {bridge} comes back", zh: "{bridge} 发出的帧不会返回" },
  repair: {
    en: "Cut one of the ways: ip link set {port} nomaster (or down), or unplug one of the two cables behind it. To guard against the next: ip link set {bridge} type bridge stp_state 1.",
    zh: "断开其中一条路径：ip link set {port} nomaster（或 down），或拔掉其后两根线中的一根。为防止再次发生：ip link set {bridge} type bridge stp_state 1。",
  },
  explain: {
    en: "Ethernet has no hop limit: in a loop each broadcast goes round for ever and every address seems to be behind the wrong port. All guests on the bridge suffer, often the whole segment.",
    zh: "以太网没有跳数限制：环路中每个广播会无限循环，每个地址都像在错误的端口后面。网桥上的所有虚拟机、常常是整个网段都会受影响。",
  },
  needs: ["ip-link"],
  optional: ["kernel-log", "clock", "bridge-fdb"],
  subjects: ["bridge"],
  reach: "host",
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
  },
  remedy: "cut-port",
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
    const found = seen(subject, view);
    if (!found) return pass;
    return {
      status: "fail",
      params: { bridge: subject.name, port: found.port, sign: `${found.lines} x own address` },
      evidence: found.evidence,
      cuts: false,
    };
  },
  examples: {
    bad: [
      {
        name: "both ends of a veth pair on one bridge",
        expect: "fail",
        facts: addLinks(bondHost(), veth(40, "la", "lb", "br0"), veth(41, "lb", "la", "br0")),
        subject: "bridge/br0",
      },
      {
        name: "two pairs between two bridges",
        expect: "fail",
        facts: pairs("br1", "br1"),
        subject: "bridge/br0",
      },
      {
        name: "own frames come back, and the guests' too",
        expect: "fail",
        facts: looping(true, 8),
        subject: "bridge/br0",
      },
    ],
    good: [
      { name: "healthy", expect: "pass", facts: bondHost(), subject: "bridge/br0" },
      { name: "idle docker0", expect: "pass", facts: plainHost(), subject: "bridge/docker0" },
      { name: "one pair to another bridge", expect: "pass", facts: pairs("br1"), subject: "bridge/br0" },
      {
        name: "pairs to two bridges that do not meet",
        expect: "pass",
        facts: pairs("br1", "br2"),
        subject: "bridge/br0",
      },
      {
        name: "two pairs, and spanning tree guards",
        expect: "pass",
        facts: setBridge(setBridge(pairs("br1", "br1"), "br0", { stp_state: 1 }), "br1", { stp_state: 1 }),
        subject: "bridge/br0",
      },
      {
        name: "own-address lines alone: a twin of the host, or a bond's reflection",
        expect: "pass",
        facts: looping(false, 8),
        subject: "bridge/br0",
      },
      { name: "lines of long ago", expect: "pass", facts: looping(true, 8, 1000), subject: "bridge/br0" },
      {
        name: "virbr0 on a host whose log only root reads",
        expect: "pass",
        facts: unread(bondHost(), "kernel-log", "refused"),
        subject: "bridge/virbr0",
      },
    ],
    unknown: [
      { name: "interfaces not read", expect: "unknown", facts: unread(bondHost(), "ip-link"), subject: "host/self" },
    ],
  },
});

type View = CheckView<"ip-link">;

/** A port from which veth pairs lead back to the same bridge without passing a blocked port. */
function wayBack(subject: GraphNode, graph: GraphView): GraphNode | undefined {
  const doors = doorsOf(subject.id, graph);
  for (const door of doors) {
    if (door.to === subject.id) return door.port;
    // Breadth first, not back through the pair that it came by.
    const seenBridges = new Set([door.to]);
    const queue = [{ at: door.to, by: door.far }];
    for (let next = queue.pop(); next; next = queue.pop())
      for (const way of doorsOf(next.at, graph)) {
        if (way.port.id === next.by) continue;
        if (way.to === subject.id) return door.port;
        if (seenBridges.has(way.to)) continue;
        seenBridges.add(way.to);
        queue.push({ at: way.to, by: way.far });
      }
  }
  return undefined;
}

interface Door {
  readonly port: GraphNode;
  /** The port at the far end, and the bridge that has it. */
  readonly far: string;
  readonly to: string;
}

function doorsOf(bridgeId: string, graph: GraphView): Door[] {
  return forwarding(bridgeId, graph).flatMap((port) => {
    const peer = [...graph.towardsWire(port.id), ...graph.towardsGuest(port.id)].find(
      (edge) => edge.kind === "veth-peer",
    );
    const far = peer && (peer.from === port.id ? peer.to : peer.from);
    const on =
      far &&
      graph
        .towardsWire(far)
        .find((edge) => edge.kind === "bridge-port" && edge.present && edge.attributes?.state === "forwarding");
    return far && on ? [{ port, far, to: on.from }] : [];
  });
}

const forwarding = (bridgeId: string, graph: GraphView): GraphNode[] =>
  graph
    .towardsGuest(bridgeId)
    .filter((edge) => edge.kind === "bridge-port" && edge.present && edge.attributes?.state === "forwarding")
    .flatMap((edge) => (graph.shape(edge.to)?.kind === "veth" ? (graph.node(edge.to) ?? []) : []))
    .filter((port) => port.attributes.up === true);

/** `br0: received packet on bond0 with own address as source address (addr:..., vlan:0)`, and guests' addresses behind that port. */
function seen(subject: GraphNode, view: View) {
  const minutes = view.setting("window");
  const byPort = new Map<string, KernelLine[]>();
  for (const line of recentLinesIfRead(view, minutes)) {
    if (!line.kernel) continue;
    const match = /^(\S+): received packet on (\S+) with own address as source address/.exec(line.text);
    if (match?.[1] !== subject.name || match[2] === undefined) continue;
    byPort.set(match[2], [...(byPort.get(match[2]) ?? []), line]);
  }
  const table = view.factIfRead("bridge-fdb") ?? [];
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
    return { port, lines: lines.length, evidence };
  }
  return undefined;
}

function veth(ifindex: number, ifname: string, peer: string, master: string) {
  return enslaved(link(ifindex, ifname, { link: peer, linkinfo: { info_kind: "veth" } }), master);
}

/** bond host with one veth pair from br0 to each of the bridges named. */
function pairs(...far: readonly string[]) {
  const bridges = [...new Set(far)].map((name, at) => bridge(50 + at, name));
  return addLinks(
    bondHost(),
    ...bridges,
    ...far.flatMap((name, at) => [
      veth(60 + 2 * at, `a${at}`, `b${at}`, "br0"),
      veth(61 + 2 * at, `b${at}`, `a${at}`, name),
    ]),
  );
}

function looping(guests: boolean, lines: number, secondsAgo = 5) {
  const text = "br0: received packet on bond0 with own address as source address (addr:52:54:00:4c:00:10, vlan:0)";
  const facts = withFdb(
    withHost(bondHost()),
    guests ? [learned("52:54:00:5b:00:01", "bond0")] : [learned("52:54:00:5b:00:01", "vnet0")],
  );
  return edit(facts, "kernel-log", (all) => [
    ...all,
    ...Array.from({ length: lines }, () => logLine(9_000 - secondsAgo, text)),
  ]);
}
