import type { GraphNode } from "../../graph/model";
import { filled, type Wording } from "../../wording";
import { type CheckView, defineCheck, type Evidence, pass, type Verdict } from "../define";
import { commandLine } from "../evidence";
import type { EthtoolNic } from "../nic-examples";
import { carriesOthers } from "../usage";

/** `Laser rx power low alarm`, `Laser output power low warning`, on QSFP `Laser tx power low alarm   (Channel 1)`: the module's own flags (SFF-8472, SFF-8636), against its own thresholds. */
const flag = /^Laser (rx|tx|output) power low (alarm|warning)\s*(\(Chan(?:nel)? \d+\))?$/i;
const reading =
  /^(Laser output power|Receiver signal average optical power|Rcvr signal avg optical power|Transmit avg optical power)/i;

const dim: Wording = {
  en: "it reports {flags}: {power}",
  zh: "报告 {flags}：{power}",
};
const missing: Wording = { en: "there is none in the port", zh: "端口中没有插入" };
const noMemory: Wording = {
  en: "there is none in the port, or none that can be read ({error})",
  zh: "端口中没有插入，或无法读取（{error}）",
};

/** Ports by cable: `ethtool -m` of some of them (ixgbe with 10GBASE-T) fails as an empty cage does. */
const copper = new Set(["Twisted Pair", "MII", "AUI", "BNC"]);

/**
 * Too little light, by the transceiver's own thresholds. A spare port without a fibre has none either: no fault. Copper modules and those without diagnostics raise no flags.
 * No transceiver at all: something is built upon the port or it had link before, it has none now, and its driver says `Port: None`, or its memory is not there to be read (ENODEV, EIO).
 * Drivers that have no words for an empty cage (i40e, which refuses with EINVAL as for copper, unless it says `Port: None`) are seen by nic-no-carrier only; a virtual function has no cage.
 */
export const check = defineCheck({
  id: "optic-power-low",
  layer: "physical",
  title: { en: "Transceiver is missing or gets too little light", zh: "光模块缺失或光功率过低" },
  message: {
    en: "Transceiver of {nic}: {what}",
    zh: "{nic} 的光模块：{what}",
  },
  expected: {
    en: "A transceiver is in its place and has no low-power alarm or warning",
    zh: "光模块在位，且没有低光功率告警",
  },
  repair: {
    en: "Low received power: clean both ends of the fibre of {nic}, look for a tight bend, then swap fibre, then the transceiver at the far end (switch and port by LLDP: {peer}). Low output power: swap the transceiver in {nic}. No transceiver: put one in or seat it anew; if it is in, try it in another cage (a module of another maker may be refused: dmesg).",
    zh: "接收光功率低：清洁 {nic} 光纤两端，检查是否弯折过紧，然后依次更换光纤和对端光模块（LLDP 看到的交换机端口：{peer}）。发送光功率低：更换 {nic} 的光模块。没有光模块：插入或重新插拔；若已插入，换一个插槽试（其他厂商的模块可能被拒绝：查看 dmesg）。",
  },
  explain: {
    en: "A transceiver measures the light it sends and receives and compares it with thresholds that its maker wrote into it. Below the warning the link still works, with growing bit errors; below the alarm it goes. Where there is none, the port of a card that is in use says so, or its memory cannot be read. Without root the memory is not read: then only what the driver says of its port is seen.",
    zh: "光模块测量收发的光功率，并与厂商写入的阈值比较。低于警告值时链路仍可用但误码增多；低于告警值时链路会中断。没有光模块时，使用中的端口会如此报告，或其存储器无法读取。没有 root 权限时不读取存储器，只能看到驱动对端口的描述。",
  },
  needs: ["ip-link", "ethtool"],
  optional: ["pci-net"],
  subjects: ["nic"],
  sources: [
    "https://man7.org/linux/man-pages/man8/ethtool.8.html",
    "https://git.kernel.org/pub/scm/network/ethtool/ethtool.git/tree/sfpdiag.c?h=v6.1",
    "https://git.kernel.org/pub/scm/network/ethtool/ethtool.git/tree/qsfp.c?h=v6.1",
  ],
  lab: { none: "no virtual NIC has a transceiver", capture: "e2e/captures/hardware/ethtool-6.1-m-sfp-low.txt" },
  evaluate(nic, view) {
    if (nic.attributes.netns !== undefined || nic.attributes.up !== true) return null;
    const told = view.factOrAbsent("ethtool")?.find((one) => one.ifname === nic.name);
    if (!told) return null;
    const { optics } = told;
    if (!optics) return emptyCage(nic, told, view);
    const flags = optics.filter(({ name }) => flag.test(name));
    if (flags.length === 0) return null;
    const carrier = nic.attributes.carrier === true;
    if (!carrier && nic.attributes.hadCarrier !== true && !carriesOthers(nic, view.graph)) return null;
    const raised = flags.filter(({ value }) => value.trim() === "On");
    if (raised.length === 0) return pass;
    const power = optics.filter(({ name }) => reading.test(name) && !/ (low|high) /.test(name));
    const evidence: [Evidence] = [
      {
        command: commandLine(["ethtool", "-m", nic.name]),
        excerpt: [...power, ...raised].map(({ name, value }) => `${name} : ${value}`).join("\n"),
      },
    ];
    const names = raised.map(({ name }) => name.replace(/\s+/g, " ")).join(", ");
    const dark = !carrier && raised.some(({ name }) => /alarm/i.test(name));
    return {
      status: dark ? "fail" : "warn",
      params: {
        nic: nic.name,
        flags: names,
        what: filled(dim, {
          flags: names,
          power: power.map(({ name, value }) => `${name.replace(/\s+/g, " ")} ${value}`).join(", ") || "-",
        }),
        peer: peerOf(nic, view),
      },
      evidence,
      cuts: dark,
    };
  },
});

const peerOf = (nic: GraphNode, view: View): string => {
  const cable = view.graph.towardsWire(nic.id).find((edge) => edge.kind === "lldp");
  return (cable && view.graph.node(cable.from)?.name) ?? "-";
};

type View = CheckView<"ip-link" | "ethtool">;

/** A cage without a transceiver, at a card that is in use and has no link. Null wherever that is not certain. */
function emptyCage(nic: GraphNode, told: EthtoolNic, view: View): Verdict {
  const { settings, opticsError } = told;
  if (nic.attributes.carrier !== false || settings?.linkDetected === true) return null;
  if (nic.attributes.hadCarrier !== true && !carriesOthers(nic, view.graph)) return null;
  const none = settings?.port === "None";
  const unreadable = opticsError !== undefined && /^(No such device|Input\/output error)/.test(opticsError);
  if (!none && (!unreadable || copper.has(settings?.port ?? ""))) return null;
  const card = view.factIfRead("pci-net")?.find((one) => one.interfaces.includes(nic.name));
  if (card?.physfn !== undefined || /vf$|^(virtio_net|vmxnet3|hv_netvsc|ena|gve)$/.test(told.driver?.driver ?? ""))
    return null;
  const [first, ...rest]: Evidence[] = [
    ...(none ? [{ command: commandLine(["ethtool", nic.name]), excerpt: "Port: None  Link detected: no" }] : []),
    ...(unreadable ? [{ command: commandLine(["ethtool", "-m", nic.name]), excerpt: opticsError }] : []),
  ];
  if (!first) return null;
  return {
    status: "fail",
    params: {
      nic: nic.name,
      what: none ? missing : filled(noMemory, { error: opticsError ?? "-" }),
      peer: peerOf(nic, view),
    },
    evidence: [first, ...rest],
  };
}
