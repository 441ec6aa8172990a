import type { GraphNode } from "../../graph/model";
import type { DuplicateOwner } from "../../probes/duplicate-owners";
import { filled, type Wording } from "../../wording";
import { type CheckView, defineCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { speaksHere } from "../guest-network";
import { fdbLine, fdbOf, isElsewhere, isLearned, plugOf, portsOfBridge, vlanTest } from "../layer2";
import { heardAt, timesHeard } from "./heard";

const nobody: Wording = {
  en: "another machine sends with it, or its frames come back in a loop",
  zh: "另一台机器使用相同地址，或其帧经环路返回",
};
/** Whether that one is the sender is not proven by its owning the address: two segments that never meet may both have it. */
const known: Wording = {
  en: "another machine sends with it ({names} owns it too), or its frames come back in a loop",
  zh: "另一台机器使用相同地址（{names} 也拥有它），或其帧经环路返回",
};

/**
 * The bridge learned the address of a guest that runs here on its uplink: somebody outside sends with it. Heard once it may be a migration's last moment; it counts when it is
 * heard there time and again. In another VLAN of a filtering bridge the same address is another's business. Where a host of the fleet owns the address too, it is named.
 */
export const check = defineCheck({
  id: "fdb-guest-on-uplink",
  layer: "bridge",
  title: { en: "A local guest's MAC is learned on the uplink", zh: "本地虚拟机的 MAC 在上行端口被学习到" },
  message: {
    en: "{mac} of {vm} was learned on {uplink} {times} times in {seconds} s: {owner}",
    zh: "{vm} 的 {mac} 在 {seconds} 秒内 {times} 次从 {uplink} 学习到：{owner}",
  },
  expected: { en: "{mac} is learned on {tap} only", zh: "{mac} 只在 {tap} 上被学习到" },
  repair: {
    en: "Find the other owner of {mac}: ask the switch on which port it has learned it (show mac address-table address {mac}), look for a copy of {vm} on another host, started from the same XML or image. Give one of the two a new MAC. If {mac} is behind no other port, look for a loop outside.",
    zh: "找出 {mac} 的另一个所有者：在交换机上查看从哪个端口学到该地址（show mac address-table address {mac}），检查其他主机上是否有由相同 XML 或镜像启动的 {vm} 副本，为其中之一更换 MAC。若没有其他端口学到 {mac}，检查外部是否有环路。",
  },
  explain: {
    en: "A bridge sends frames for an address to the port from which it last saw it. While that is the uplink, frames for the guest leave the host and do not reach it; each frame of the guest takes the address back.",
    zh: "网桥把帧发往最后看到该地址的端口。当它是上行端口时，发给虚拟机的帧会离开主机；虚拟机每发一帧又会把地址抢回来。",
  },
  needs: ["ip-link", "bridge-fdb"],
  optional: ["bridge-vlan", "duplicate-owners"],
  subjects: ["vnic"],
  settings: {
    times: {
      title: { en: "Readings in which it was heard anew", zh: "重新听到的读取次数" },
      default: 2,
      unit: "readings",
      min: 1,
      max: 100,
    },
    window: {
      title: { en: "Seconds over which it is judged", zh: "判断窗口秒数" },
      default: 120,
      unit: "s",
      min: 10,
      max: 300,
    },
  },
  track: {
    outside: {
      windowMs: 300_000,
      sample: (subject, view) => {
        const entry = "from" in subject ? undefined : strayEntry(subject, view);
        return entry && heardAt(entry, view);
      },
    },
  },
  sources: [
    "https://man7.org/linux/man-pages/man8/bridge.8.html",
    "https://github.com/torvalds/linux/blob/v6.1/net/bridge/br_fdb.c",
  ],
  lab: { case: "fdb-guest-on-uplink" },
  evaluate(vnic, view) {
    view.fact("ip-link");
    const plug = plugOf(vnic, view.graph);
    if (!plug || isElsewhere(plug.bridge) || typeof vnic.attributes.mac !== "string") return null;
    const { uplinks } = portsOfBridge(view.graph, plug.bridge.id);
    if (uplinks.length === 0) return null;
    // When it was heard is in the samples; the entry of now is only to be shown.
    view.fact("bridge-fdb");
    const seconds = view.setting("window");
    const times = timesHeard(view.samples("outside"), view.now - seconds * 1000);
    if (times < view.setting("times")) return pass;
    const now = strayEntry(vnic, view);
    const owners = (view.factIfRead("duplicate-owners") ?? []).filter((owner) => owner.mac === vnic.attributes.mac);
    const uplink = now?.ifname ?? uplinks[0]?.name ?? "-";
    return {
      status: "fail",
      params: {
        mac: vnic.attributes.mac,
        vm: String(vnic.attributes.vm),
        uplink,
        owner: owners.length === 0 ? nobody : filled(known, { names: owners.map(ownerName).join(", ") }),
        tap: plug.tap.name,
        times,
        seconds,
      },
      evidence: [
        {
          command: commandLine(["bridge", "fdb", "show", "br", plug.bridge.name]),
          excerpt: now ? fdbLine(now) : `${vnic.attributes.mac} dev ${uplink} (in ${times} readings)`,
        },
        ...owners.map((owner) => ({
          command:
            owner.vm === undefined ? commandLine(["ip", "-br", "link"]) : commandLine(["virsh", "domiflist", owner.vm]),
          excerpt: `${owner.host}: ${owner.vm ?? "-"}  ${owner.mac}`,
        })),
      ],
    };
  },
});

/** An entry that sends frames for this running guest out by an uplink of its bridge. */
function strayEntry(vnic: GraphNode, view: CheckView<"ip-link" | "bridge-fdb">) {
  const entries = view.fact("bridge-fdb");
  const { mac } = vnic.attributes;
  const plug = plugOf(vnic, view.graph);
  if (!plug || typeof mac !== "string" || isElsewhere(plug.bridge) || !speaksHere(vnic, view)) return undefined;
  const found = fdbOf(entries, mac).filter(isLearned);
  if (found.length === 0) return undefined;
  const { uplinks } = portsOfBridge(view.graph, plug.bridge.id);
  const inVlan = vlanTest(plug.bridge.name, view);
  return found.find((entry) => uplinks.some((uplink) => uplink.name === entry.ifname) && inVlan(entry, plug.tap.name));
}

const ownerName = (owner: DuplicateOwner): string =>
  owner.vm === undefined ? owner.host : `${owner.vm} @ ${owner.host}`;
