import type { GraphEdge, GraphNode } from "../../graph/model";
import type { Link } from "../../probes/ip-link";
import type { FactOf } from "../../probes/registry";
import { filled, inLanguage, type Param } from "../../wording";
import { type CheckView, defineCheck, pass } from "../define";
import { commandLine, type Place } from "../evidence";
import { type Culprit, culpritEvidence, culpritName, ruled, rulesetOf } from "../firewall/ruleset";
import { growth } from "../growth";
import { dataOf, isElsewhere, linkNamed } from "../layer2";

/** Outer Ethernet is not counted in an MTU; the inner one is: 14 + 20 (40 with IPv6) + 8 (UDP) + 8 (VXLAN). */
const overhead = { v4: 50, v6: 70 } as const;
export const zero = "00:00:00:00:00:00";

/**
 * What a VXLAN tunnel stands on: a way to its far ends, room for its header, somebody to send broadcasts to, and rules of this host that let its UDP in and out. What is wrong beyond (a
 * filter on the way, another number at the far end) shows in one thing only: it sends and never hears anything. Not judged: tunnels that a control plane fills (external, learning off:
 * EVPN, OpenStack, Cilium).
 */
export const check = defineCheck({
  id: "vxlan-underlay",
  layer: "vlan",
  title: { en: "VXLAN underlay is broken", zh: "VXLAN 底层网络故障" },
  message: {
    en: "{vxlan} (VNI {vni}) to {peer}: {what}",
    zh: "{vxlan}（VNI {vni}）到 {peer}：{what}",
  },
  expected: {
    en: "{vxlan} has a route to {peer}, {peer} answers ARP, MTU of {vxlan} is at most {room}, broadcasts have a destination, UDP port {port} passes both ways, and answers come in",
    zh: "{vxlan} 有到 {peer} 的路由，{peer} 响应 ARP，{vxlan} 的 MTU 不超过 {room}，广播有目的地，UDP 端口 {port} 双向放行，并能收到应答",
  },
  repair: {
    en: "MTU: ip link set dev {vxlan} mtu {room} (and its bridge and guests), or raise the underlay's by {overhead}. No route or no answer: ip route get {peer}, then look at that path. No flood entry: bridge fdb append 00:00:00:00:00:00 dev {vxlan} dst {peer}. Dropped by a rule: iptables -I INPUT -p udp --dport {port} -j ACCEPT (or OUTPUT), or the same in whatever writes the rules. Sent and nothing heard: on {peer} compare ip -d link show type vxlan (id {vni}, dstport {port}) and look with tcpdump -ni any udp port {port} whether the packets arrive.",
    zh: "MTU：ip link set dev {vxlan} mtu {room}（网桥和虚拟机同样），或将底层 MTU 加大 {overhead}。无路由或无响应：ip route get {peer}，再检查该路径。缺少泛洪条目：bridge fdb append 00:00:00:00:00:00 dev {vxlan} dst {peer}。被规则丢弃：iptables -I INPUT -p udp --dport {port} -j ACCEPT（或 OUTPUT），或在写入规则的程序中放行。只发不收：在 {peer} 上核对 ip -d link show type vxlan（id {vni}，dstport {port}），并用 tcpdump -ni any udp port {port} 查看报文是否到达。",
  },
  explain: {
    en: "VXLAN puts each frame into a UDP packet, which is 50 bytes (IPv6: 70) longer than what the guest sent. Without room the packet is fragmented or dropped; without a flood entry ARP and DHCP never leave the host. A far end with another number, or a filter before it, drops the packets and tells nobody: that shows only as packets sent with none received for the whole window. The far end is judged by route, ARP and what comes in; no ping is sent to it, for one that answers says nothing of its tunnel.",
    zh: "VXLAN 把每个帧放入 UDP 包，比虚拟机发送的数据长 50 字节（IPv6 为 70）。空间不足会分片或丢弃；没有泛洪条目时 ARP 和 DHCP 无法离开主机。对端编号不同或途中有过滤时，报文被静默丢弃：只表现为整个窗口内只发不收。远端通过路由、ARP 和收到的报文判断；不发送 ping，因为能 ping 通并不说明隧道正常。",
  },
  needs: ["ip-link", "ip-route", "bridge-fdb", "nft", "iptables"],
  optional: ["ip-neigh"],
  subjects: ["vxlan"],
  settings: {
    sent: {
      title: { en: "Packets sent within the window, with none received", zh: "窗口内只发不收的包数" },
      default: 30,
      unit: "packets",
      min: 5,
      max: 1_000_000,
    },
    window: {
      title: { en: "Seconds over which it is judged", zh: "判断窗口秒数" },
      default: 600,
      unit: "s",
      min: 20,
      max: 3_600,
    },
  },
  track: {
    sent: { windowMs: 3_600_000, sample: (subject, view) => packetsOf(subject, view)?.tx.packets },
    received: { windowMs: 3_600_000, sample: (subject, view) => packetsOf(subject, view)?.rx.packets },
  },
  sources: [
    "https://docs.kernel.org/networking/vxlan.html",
    "https://man7.org/linux/man-pages/man8/ip-link.8.html",
    "https://www.rfc-editor.org/rfc/rfc7348",
  ],
  lab: { case: "vxlan-underlay" },
  evaluate(subject, view) {
    const links = view.fact("ip-link");
    if (isElsewhere(subject) || subject.attributes.up !== true) return null;
    const own = linkNamed(links, subject.name);
    if (!own || dataOf(own, "external") === true || dataOf(own, "learning") === false) return null;
    const flooded = view
      .fact("bridge-fdb")
      .filter((entry) => entry.ifname === subject.name && entry.mac === zero && entry.dst !== undefined);
    const remote = [dataOf(own, "remote"), dataOf(own, "remote6"), dataOf(own, "group"), dataOf(own, "group6")].find(
      (value) => typeof value === "string",
    );
    const peers = [
      ...new Set([...(typeof remote === "string" ? [remote] : []), ...flooded.flatMap((e) => e.dst ?? [])]),
    ];
    // What can be told without root comes first.
    const found = faultOf(own, peers, links, view) ?? droppedBy(own, peers, view) ?? unheard(own, peers, view);
    if (!found) return pass;
    const { status, ...rest } = found;
    const six = (peers[0] ?? "").includes(":");
    const params = {
      vxlan: subject.name,
      vni: String(subject.attributes.vni ?? "-"),
      peer: rest.peer,
      what: rest.what,
      room: rest.room ?? own.mtu,
      port: portOf(own) ?? 4789,
      overhead: six ? overhead.v6 : overhead.v4,
      ...(rest.room === undefined ? {} : { link: subject.name, needed: rest.room }),
    };
    return {
      status,
      params,
      evidence: [rest.culprit ? culpritEvidence(rest.culprit) : evidenceOf(rest, subject)],
      ...(status === "fail" ? {} : { cuts: false }),
    };
  },
});

type View = CheckView<"ip-link" | "ip-route" | "bridge-fdb" | "nft" | "iptables">;

interface Fault {
  readonly status: "fail" | "warn";
  readonly peer: string;
  readonly what: Param;
  /** Largest MTU that the underlay leaves. */
  readonly room?: number;
  readonly shows: "fdb" | "route" | "neigh" | "mtu" | "rule" | "counters";
  readonly culprit?: Culprit;
}

const isGroup = (peer: string): boolean => /^(22[4-9]|23\d)\.|^ff/i.test(peer);

function portOf(own: Link): number | undefined {
  const port = dataOf(own, "port");
  return typeof port === "number" ? port : undefined;
}

/** This host's own rules, for a packet of the tunnel's out to each far end and in from it. Its two directions are no connection of each other's: both come as new. */
function droppedBy(own: Link, peers: readonly string[], view: View): Fault | undefined {
  const dport = portOf(own);
  const ruleset = rulesetOf(view.factOrAbsent("nft"), view.factOrAbsent("iptables"));
  if (dport === undefined) return undefined;
  const [local] = [dataOf(own, "local"), dataOf(own, "local6")].filter((value) => typeof value === "string");
  for (const peer of peers.filter((one) => !isGroup(one))) {
    const family = peer.includes(":") ? ("ip6" as const) : ("ip" as const);
    const under = dataOf(own, "link");
    const dev = typeof under === "string" ? under : bestRoute(peer, view.fact("ip-route"))?.dev;
    const packet = { family, bridged: false, proto: "udp", dport, state: "new" } as const;
    const own4 = typeof local === "string" ? local : undefined;
    const ways = {
      output: { ...packet, daddr: peer, ...(own4 && { saddr: own4 }), ...(dev && { oif: dev }) },
      input: { ...packet, saddr: peer, ...(own4 && { daddr: own4 }), ...(dev && { iif: dev }) },
    };
    for (const hook of ["output", "input"] as const) {
      const verdict = ruled(ruleset, family, hook, ways[hook]);
      if (typeof verdict === "object")
        return {
          status: "fail",
          peer,
          what: filled(
            { en: "udp dport {dport}: {hook}, {rule}", zh: "udp dport {dport}：{hook}，{rule}" },
            { dport, hook, rule: culpritName(verdict.dropped) },
          ),
          shows: "rule",
          culprit: verdict.dropped,
        };
    }
  }
  return undefined;
}

/** It sends, and for the whole window nothing comes: as told by the interface's counters. An idle tunnel sends nothing either. */
function unheard(own: Link, peers: readonly string[], view: View): Fault | undefined {
  const windowMs = view.setting("window") * 1000;
  const [sent, received] = [view.samples("sent"), view.samples("received")].map((samples) =>
    growth(samples, view.now, windowMs),
  );
  if (!sent || !received || Math.min(sent.ms, received.ms) < windowMs * 0.9) return undefined;
  if (sent.delta < view.setting("sent") || received.delta > 0) return undefined;
  return {
    status: "warn",
    peer: peers.join(", "),
    what: `TX +${sent.delta}, RX +0 (${Math.round(sent.ms / 1000)} s); ${own.ifname} RX ${own.stats64?.rx.packets ?? "?"}`,
    shows: "counters",
  };
}

function packetsOf(subject: GraphNode | GraphEdge, view: CheckView<"ip-link">) {
  return "name" in subject && !isElsewhere(subject)
    ? linkNamed(view.fact("ip-link"), subject.name)?.stats64
    : undefined;
}

function faultOf(own: Link, peers: readonly string[], links: readonly Link[], view: View): Fault | undefined {
  const [first] = peers;
  if (first === undefined)
    return {
      status: "fail",
      peer: "-",
      what: { en: `no remote, no ${zero} dst`, zh: `没有 remote，也没有 ${zero} 的 dst` },
      shows: "fdb",
    };
  const dev = dataOf(own, "link");
  for (const peer of peers) {
    const group = isGroup(peer);
    const route = typeof dev === "string" && group ? undefined : bestRoute(peer, view.fact("ip-route"));
    if (!route && !group) return { status: "fail", peer, what: { en: "no route", zh: "没有路由" }, shows: "route" };
    if (route?.type === "unreachable" || route?.type === "blackhole" || route?.type === "prohibit")
      return { status: "fail", peer, what: `route ${route.type}`, shows: "route" };
    const hop = route?.gateway ?? peer;
    const state = view.factIfRead("ip-neigh")?.find((entry) => entry.dst === hop && entry.dev === route?.dev)?.state;
    if (!group && state?.includes("FAILED"))
      return { status: "fail", peer, what: `neigh ${hop} FAILED`, shows: "neigh" };
    const under = linkNamed(links, typeof dev === "string" ? dev : (route?.dev ?? ""));
    const room = under && under.mtu - (peer.includes(":") ? overhead.v6 : overhead.v4);
    if (under && room !== undefined && own.mtu > room && under.link_type !== "loopback")
      return {
        status: "warn",
        peer,
        what: `mtu ${own.mtu} > ${room} (${under.ifname} ${under.mtu})`,
        room,
        shows: "mtu",
      };
  }
  return undefined;
}

/** The route with the longest prefix, of IPv4; of IPv6 any that is no default counts only by its family (addresses are not compared bit by bit here). */
function bestRoute(peer: string, routes: FactOf<"ip-route">): FactOf<"ip-route">[number] | undefined {
  if (peer.includes(":")) return routes.find((route) => route.family === "inet6");
  const target = numeric(peer);
  let best: { route: FactOf<"ip-route">[number]; length: number } | undefined;
  for (const route of routes) {
    if (route.family !== "inet" || target === undefined) continue;
    const [net = "", bits] = route.dst === "default" ? ["0.0.0.0", "0"] : route.dst.split("/");
    const length = bits === undefined ? 32 : Number(bits);
    const base = numeric(net);
    if (base === undefined || !Number.isInteger(length) || length < 0 || length > 32) continue;
    const size = 2 ** (32 - length);
    if (Math.floor(base / size) === Math.floor(target / size) && (!best || length > best.length))
      best = { route, length };
  }
  return best?.route;
}

function numeric(address: string): number | undefined {
  const parts = address.split(".").map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

function evidenceOf(fault: Omit<Fault, "status">, node: GraphNode) {
  const place: Place = node.attributes;
  const command = {
    fdb: ["bridge", "fdb", "show", "dev", node.name],
    route: ["ip", "route", "get", fault.peer],
    neigh: ["ip", "neigh", "show"],
    mtu: ["ip", "-d", "link", "show", "dev", node.name],
    rule: ["nft", "list", "ruleset"],
    counters: ["ip", "-s", "link", "show", "dev", node.name],
  }[fault.shows];
  return { command: commandLine(command, place), excerpt: inLanguage(fault.what, "en") };
}
