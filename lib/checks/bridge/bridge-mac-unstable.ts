import { defineCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { isElsewhere, linkNamed, portsOfBridge } from "../layer2";

/** NET_ADDR_SET: somebody chose the address, so that the bridge keeps it. */
const chosen = 3;

/**
 * A bridge whose address nobody chose takes the lowest one of its ports. libvirt gives TAPs addresses that begin with fe, so that they are never the lowest; a TAP made otherwise may
 * be. The fault: the bridge has the host's address, an uplink, and now the MAC of a guest's port. That it *could* happen is none: almost every bridge made by hand is so.
 */
export const check = defineCheck({
  id: "bridge-mac-unstable",
  layer: "bridge",
  title: { en: "Bridge's MAC is that of a guest's port", zh: "网桥 MAC 来自虚拟机端口" },
  message: {
    en: "{bridge} has taken the MAC {mac} of {port}, its lowest: the host's own MAC changes when {port} comes and goes",
    zh: "{bridge} 取用了最小的端口 {port} 的 MAC {mac}：{port} 出现或消失时，主机自身的 MAC 会改变",
  },
  expected: {
    en: "{bridge} has a MAC that was chosen, or that of {uplink}",
    zh: "{bridge} 使用固定 MAC 或 {uplink} 的 MAC",
  },
  repair: {
    en: "Pin it to the uplink's: ip link set dev {bridge} address {pin}; and in the boot configuration (ifupdown: bridge_hw {uplink}; networkd: MACAddress=). Neighbours learn it with the next ARP.",
    zh: "固定为上行端口的 MAC：ip link set dev {bridge} address {pin}；并写入启动配置（ifupdown：bridge_hw {uplink}；networkd：MACAddress=）。邻居会在下一次 ARP 时更新。",
  },
  explain: {
    en: "When the host's MAC changes, every neighbour keeps the old one in its ARP table for minutes: the host is unreachable each time a guest starts or stops. DHCP may give it another address.",
    zh: "主机 MAC 改变后，所有邻居的 ARP 表会在数分钟内保留旧地址：每次启动或停止虚拟机，主机都会暂时不可达；DHCP 也可能分配另一个地址。",
  },
  needs: ["ip-link", "sysfs-net"],
  subjects: ["bridge"],
  sources: [
    "https://github.com/torvalds/linux/blob/v6.1/net/bridge/br_stp_if.c",
    "https://github.com/torvalds/linux/blob/v6.1/Documentation/ABI/testing/sysfs-class-net",
    "https://manpages.debian.org/bookworm/bridge-utils/bridge-utils-interfaces.5.en.html",
  ],
  lab: { case: "bridge-mac-unstable" },
  evaluate(subject, view) {
    const links = view.fact("ip-link");
    if (isElsewhere(subject) || !Array.isArray(subject.attributes.addresses)) return null;
    const { uplinks, others } = portsOfBridge(view.graph, subject.id);
    const [uplink] = uplinks;
    if (!uplink || others.length === 0) return null;
    const assigned = view.fact("sysfs-net").find((entry) => entry.ifindex === subject.attributes.ifindex);
    if (assigned?.addr_assign_type === undefined) return null;
    const { mac } = subject.attributes;
    if (assigned.addr_assign_type === chosen || uplinks.some((node) => node.attributes.mac === mac)) return pass;
    const port = others.find((node) => node.attributes.mac === mac);
    const pin = linkNamed(links, uplink.name)?.address;
    if (!port || typeof mac !== "string" || pin === undefined) return pass;
    return {
      status: "warn",
      params: { bridge: subject.name, mac, port: port.name, uplink: uplink.name, pin },
      evidence: [
        {
          command: commandLine(["cat", `/sys/class/net/${subject.name}/addr_assign_type`]),
          excerpt: String(assigned.addr_assign_type),
        },
        {
          command: commandLine(["ip", "-br", "link", "show", "master", subject.name]),
          excerpt: [port, uplink].map((node) => `${node.name}  ${String(node.attributes.mac)}`).join("\n"),
        },
      ],
      alsoOn: [port.id],
    };
  },
});
