import type { GraphNode } from "../../graph/model";
import type { GraphView } from "../../graph/view";
import type { Link } from "../../probes/ip-link";
import type { Wording } from "../../wording";
import { defineEdgeCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { lasting } from "../growth";
import { dataOf, isElsewhere, linkNamed, numberOf, portData } from "../layer2";

/**
 * A port that has its link and yet passes nothing: blocking, disabled, or listening and learning for longer than twice the forward delay. Not a fault:
 * - a port without carrier or set down is always disabled: the link is the fault, and has checks of its own;
 * - one of several uplinks is blocked while another forwards: spanning tree does its work;
 * - one end of a veth pair between two bridges is blocked: a second way to the same place.
 */
export const check = defineEdgeCheck({
  id: "bridge-port-blocked",
  layer: "bridge",
  title: { en: "Bridge port passes nothing", zh: "网桥端口不转发" },
  message: {
    en: "Port {port} of {bridge} is {state} ({role}): nothing passes though its link is up",
    zh: "{bridge} 的端口 {port} 处于 {state} 状态（{role}）：链路正常但不转发任何数据",
  },
  expected: { en: "{port} is forwarding on {bridge}", zh: "{port} 在 {bridge} 上处于 forwarding 状态" },
  repair: {
    en: "With STP on {bridge}: look which bridge is root (bridge -d link show dev {port}); give {port} a better priority or cost (bridge link set dev {port} priority N), or cut the second way that makes the loop. Disabled by BPDU guard: find the machine behind {port} that sends BPDUs, then set {port} down and up. Without STP: bridge link set dev {port} state 3.",
    zh: "若 {bridge} 启用 STP：查看根桥（bridge -d link show dev {port}）；调整 {port} 的优先级或开销（bridge link set dev {port} priority N），或断开造成环路的第二条路径。若被 BPDU guard 关闭：找到 {port} 后面发送 BPDU 的机器，再将 {port} 关闭并重新启用。未启用 STP：bridge link set dev {port} state 3。",
  },
  explain: {
    en: "Each port of a bridge has a spanning tree state; only forwarding passes frames. Spanning tree blocks a port when it sees a second way to the same segment - or when it hears the BPDUs of a wrong switch or guest. The state can also be set by hand.",
    zh: "网桥的每个端口都有生成树状态，只有 forwarding 才转发。生成树发现第二条通往同一网段的路径、或收到错误交换机或虚拟机的 BPDU 时会阻塞端口；状态也可能被手工修改。",
  },
  needs: ["ip-link"],
  subjects: ["edge:bridge-port", "edge:uplink"],
  settings: {
    grace: {
      title: { en: "Seconds beyond twice the forward delay", zh: "超过两倍转发延迟的宽限秒数" },
      default: 5,
      unit: "s",
      min: 0,
      max: 60,
    },
  },
  track: {
    waiting: {
      windowMs: 120_000,
      sample: (subject, view) => {
        if (!("from" in subject)) return 0;
        const port = view.graph.node(subject.kind === "uplink" ? subject.from : subject.to);
        return Number(isWaiting(subject.attributes?.state) && port !== undefined && hasLink(port));
      },
    },
  },
  sources: [
    "https://docs.kernel.org/networking/bridge.html",
    "https://man7.org/linux/man-pages/man8/bridge.8.html",
    "https://github.com/torvalds/linux/blob/v6.1/net/bridge/br_stp.c",
  ],
  lab: { case: "bridge-port-blocked" },
  evaluate(edge, view) {
    const [from, to] = [view.graph.node(edge.from), view.graph.node(edge.to)];
    const [port, on] = edge.kind === "uplink" ? [from, to] : [to, from];
    if (!edge.present || !port || on?.kind !== "bridge" || isElsewhere(port)) return null;
    const links = view.fact("ip-link");
    const own = linkNamed(links, port.name);
    const state = portData(own, "state");
    if (typeof state !== "string" || !hasLink(port) || on.attributes.up !== true) return null;
    if (state === "forwarding") return pass;
    const bridgeLink = linkNamed(links, on.name);
    if (isWaiting(state)) {
      // 1/100 s, twice: listening and learning. A port that has just got its link is disabled until the bridge has taken notice, or until it is read again.
      const usual = state === "disabled" ? 0 : (numberOf(dataOf(bridgeLink, "forward_delay")) ?? 1500) * 20;
      if (lasting(view.samples("waiting"), view.now) <= usual + view.setting("grace") * 1000) return null;
    }
    const peers = [...view.graph.towardsWire(on.id), ...view.graph.towardsGuest(on.id)];
    const otherUplink = peers.some(
      (other) => other.kind === "uplink" && other.id !== edge.id && other.attributes?.state === "forwarding",
    );
    if (edge.kind === "uplink" && otherUplink) return null;
    if (port.kind === "veth" && leadsToBridge(port.id, view.graph)) return null;
    const stp = numberOf(dataOf(bridgeLink, "stp_state")) ?? 0;
    return {
      status: "fail",
      params: {
        port: port.name,
        bridge: on.name,
        state,
        role: roleOf(own, bridgeLink, stp),
        ...(stp === 0 ? { option: "state", value: "3", was: state === "disabled" ? "0" : "4" } : {}),
      },
      evidence: [
        {
          command: commandLine(["bridge", "-d", "link", "show", "dev", port.name]),
          excerpt: `${port.name}: master ${on.name} state ${state} guard ${portData(own, "guard") === true ? "on" : "off"}, stp_state ${stp}, designated bridge ${String(portData(own, "bridge_id") ?? "-")}, root ${String(portData(own, "root_id") ?? "-")}`,
        },
      ],
    };
  },
});

/** States that a port passes through on its way to forwarding. */
const isWaiting = (state: unknown): boolean => state === "listening" || state === "learning" || state === "disabled";

/**
 * The port's role of IEEE 802.1D. The kernel does not name it; it follows from whom the port holds for the designated bridge of its segment.
 */
function roleOf(own: Link | undefined, bridgeLink: Link | undefined, stp: number): Wording {
  if (stp === 0) return { en: "STP is off: set by hand", zh: "STP 未启用：手工设置" };
  // 2: a daemon (mstpd) runs it; what the kernel shows of other bridges is not its work then.
  if (stp > 1) return { en: "STP role known to its daemon only", zh: "STP 角色仅由其守护进程掌握" };
  const named = (role: string, en: string, zh: string): Wording => ({
    en: `STP role ${role}: ${en}`,
    zh: `STP 角色 ${role}：${zh}`,
  });
  const [designated, self] = [portData(own, "bridge_id"), dataOf(bridgeLink, "bridge_id")];
  const port = portData(own, "no");
  if (portData(own, "state") === "disabled") return named("disabled", "taken out", "已停用");
  if (typeof port === "string" && Number(port) === dataOf(bridgeLink, "root_port"))
    return named("root", "its way to the root bridge", "通往根桥的路径");
  if (typeof designated !== "string" || typeof self !== "string")
    return { en: "STP role not reported", zh: "未给出 STP 角色" };
  if (designated !== self)
    return named(
      "alternate",
      `${designated} has the better way for what is behind it`,
      `其后网段由 ${designated} 负责`,
    );
  // The low ten bits of a port's identifier are its number (0x8001, 32769).
  const ofSegment = portData(own, "designated_port");
  return typeof ofSegment === "number" && typeof port === "string" && (ofSegment & 0x3ff) !== Number(port)
    ? named("backup", "another port of this bridge serves the same segment", "本网桥的另一个端口服务同一网段")
    : named("designated", "it serves what is behind it", "负责其后网段");
}

/** A port whose own link is gone or switched off is disabled by the kernel: that has checks of its own. */
const hasLink = (port: GraphNode): boolean => port.attributes.up === true && port.attributes.carrier !== false;

function leadsToBridge(port: string, graph: GraphView): boolean {
  return [...graph.towardsWire(port), ...graph.towardsGuest(port)].some((edge) => {
    const far = edge.kind === "veth-peer" ? graph.node(edge.from === port ? edge.to : edge.from) : undefined;
    return far?.attributes.slaveKind === "bridge";
  });
}
