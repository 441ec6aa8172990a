import type { GraphNode } from "../../graph/model";
import type { FdbEntry } from "../../probes/bridge-fdb";
import { type CheckView, defineCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { dataOf, fdbLine, fdbOf, isElsewhere, linkNamed, numberOf, plugOf, portsOfBridge } from "../layer2";

/**
 * Entries of the forwarding table that were put there by hand and point elsewhere: for a guest, any that does not name its TAP (or hands its frames to the host); for a bridge, its
 * gateway behind a guest. Ageing 0 makes a bridge forget at once and flood all: meant so only where it has no more than two ports (OpenStack's qbr bridges).
 */
export const check = defineCheck({
  id: "fdb-static-wrong",
  layer: "bridge",
  title: { en: "Forwarding entry points elsewhere", zh: "转发表条目指向错误" },
  message: {
    en: "{bridge} sends frames for {whom} to {to}: {what}",
    zh: "{bridge} 把发给 {whom} 的帧送往 {to}：{what}",
  },
  expected: {
    en: "{bridge} learns where {whom} is, or has an entry that points to {right}",
    zh: "{bridge} 自行学习 {whom} 的位置，或条目指向 {right}",
  },
  repair: {
    en: "Delete the entry: bridge fdb del {whom} dev {to} master (with vlan N where it names one). For ageing 0: ip link set {bridge} type bridge ageing_time 30000. Then find what wrote it.",
    zh: "删除条目：bridge fdb del {whom} dev {to} master（若带 VLAN 则加 vlan N）。若老化时间为 0：ip link set {bridge} type bridge ageing_time 30000。然后查明由谁写入。",
  },
  explain: {
    en: "A static entry never ages: after a guest has moved or a port was renamed it sends the guest's frames to nowhere until the guest itself sends. A sticky one outweighs even that and never moves to another port. An entry made without the word static is permanent and hands the frames to the host itself.",
    zh: "静态条目不会老化：虚拟机移动或端口改名后，在它自己发送之前，发给它的帧都会丢失。sticky 条目连这种更新也不接受，永远不会迁移到其他端口。未加 static 创建的条目是 permanent，会把帧交给主机自身。",
  },
  needs: ["ip-link", "bridge-fdb"],
  subjects: ["vnic", "bridge"],
  sources: [
    "https://man7.org/linux/man-pages/man8/bridge.8.html",
    "https://man7.org/linux/man-pages/man8/ip-link.8.html",
    "https://docs.kernel.org/networking/bridge.html",
  ],
  lab: { case: "fdb-static-wrong" },
  evaluate(subject, view) {
    view.fact("ip-link");
    return subject.kind === "vnic" ? ofGuest(subject, view) : ofBridge(subject, view);
  },
});

type View = CheckView<"ip-link" | "bridge-fdb">;

/** Put there by hand, not by learning and not by a control plane. */
const byHand = (entry: FdbEntry): boolean =>
  !entry.flags.includes("self") &&
  !entry.flags.includes("extern_learn") &&
  (entry.state === "static" || entry.state === "permanent" || entry.flags.includes("sticky"));

function ofGuest(vnic: GraphNode, view: View) {
  const { mac } = vnic.attributes;
  const plug = plugOf(vnic, view.graph);
  if (!plug || typeof mac !== "string" || isElsewhere(plug.bridge)) return null;
  const wrong = fdbOf(view.fact("bridge-fdb"), mac).find(
    (entry) =>
      entry.master === plug.bridge.name &&
      byHand(entry) &&
      (entry.ifname !== plug.tap.name || entry.state === "permanent"),
  );
  return wrong ? wrongEntry(plug.bridge, mac, wrong, plug.tap.name, true) : pass;
}

function ofBridge(bridgeNode: GraphNode, view: View) {
  if (isElsewhere(bridgeNode)) return null;
  const table = view.fact("bridge-fdb");
  const { uplinks, others } = portsOfBridge(view.graph, bridgeNode.id);
  const gateways = view.graph
    .towardsWire(bridgeNode.id)
    .filter((edge) => edge.kind === "gateway")
    .flatMap((edge) => view.graph.node(edge.from)?.attributes.mac ?? []);
  for (const mac of gateways) {
    // The host's own permanent entries are of other addresses; a gateway that is a guest here (a firewall VM) has its TAP.
    const wrong = fdbOf(table, String(mac)).find(
      (entry) =>
        entry.master === bridgeNode.name &&
        byHand(entry) &&
        others.some((port) => port.name === entry.ifname && port.attributes.guestMac !== mac),
    );
    if (wrong && uplinks[0]) return wrongEntry(bridgeNode, String(mac), wrong, uplinks[0].name);
  }
  const ageing = numberOf(dataOf(linkNamed(view.fact("ip-link"), bridgeNode.name), "ageing_time"));
  if (ageing !== 0 || uplinks.length + others.length <= 2) return pass;
  return {
    status: "warn",
    params: { bridge: bridgeNode.name, whom: "*", to: "*", what: "ageing_time 0", right: "-" },
    evidence: [
      {
        command: commandLine(["ip", "-d", "link", "show", "dev", bridgeNode.name]),
        excerpt: `${bridgeNode.name}: bridge ageing_time 0`,
      },
    ],
  } as const;
}

function wrongEntry(on: GraphNode, mac: string, entry: FdbEntry, right: string, cuts = false) {
  return {
    status: "fail",
    params: {
      bridge: on.name,
      whom: mac,
      to: entry.ifname ?? "-",
      what: [entry.state, ...entry.flags].filter((word) => word !== "").join(" "),
      right,
      state: entry.state,
      ...(entry.vlan === undefined ? {} : { vlan: entry.vlan }),
    },
    evidence: [{ command: commandLine(["bridge", "fdb", "show", "br", on.name]), excerpt: fdbLine(entry) }],
    cuts,
  } as const;
}
