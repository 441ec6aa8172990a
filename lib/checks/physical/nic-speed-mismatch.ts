import { defineCheck, pass } from "../define";
import { commandLine } from "../evidence";

const speedOf = (mode: string): number => {
  const match = /^(\d+)(?:base|Base)/.exec(mode);
  return match ? Number(match[1]) : 0;
};

const fastest = (modes: readonly string[]): number => Math.max(0, ...modes.map(speedOf));

/**
 * A link below what both its ends can do, or in half duplex. What the far end can is only known where it negotiates and the driver tells; where it is not told, a slow link is no fault:
 * the switch may not be faster. Members of one bond against each other: `bond-members-differ`.
 *
 * A guest that is faster than its uplink is not accused: a virtio card has no speed, what a TAP shows (10 Gbit/s) is nominal, and each guest of a busy host can send more than its share of
 * the wire. What an operator needs to know is when the wire is full: `link-saturated`, which says how to find by whom.
 */
export const check = defineCheck({
  id: "nic-speed-mismatch",
  layer: "physical",
  title: { en: "NIC runs slower than it could", zh: "网卡速率低于应有水平" },
  message: {
    en: "{nic} runs at {speed} Mbit/s, {duplex} duplex; both ends can do {possible}",
    zh: "{nic} 当前为 {speed} Mbit/s、{duplex} 双工；两端可达到 {possible}",
  },
  expected: { en: "{nic} runs at {possible}", zh: "{nic} 以 {possible} 运行" },
  repair: {
    en: "Set both ends of {nic} to autonegotiation and negotiate anew: ethtool -s {nic} autoneg on; ethtool -r {nic}. If it comes back slow, a pair of the cable is broken (gigabit needs all four): swap the cable, then the switch port (last seen by LLDP: {peer}).",
    zh: "将 {nic} 两端都设为自动协商并重新协商：ethtool -s {nic} autoneg on；ethtool -r {nic}。若仍然低速，则网线有线对断开（千兆需要全部四对）：先换网线，再换交换机端口（LLDP 最后看到：{peer}）。",
  },
  explain: {
    en: "A damaged cable lets a gigabit link fall back to 100 Mbit/s; one end fixed and the other negotiating ends in half duplex, with collisions and late drops under load. Guests see a network that is up and slow. That a guest could send faster than its uplink is normal and not judged here: a virtual card has no real speed. When the uplink is full, link-saturated says so, and how to find what fills it.",
    zh: "受损的网线会使千兆链路降到 100 Mbit/s；一端固定、另一端协商则会变成半双工，负载下产生冲突和丢包。虚拟机看到的是连通但缓慢的网络。虚拟机能发得比上行链路快是正常现象，此处不判断：虚拟网卡没有真实速率。上行链路占满时由 link-saturated 提示并说明如何找出占用者。",
  },
  needs: ["ip-link", "ethtool"],
  optional: ["sysfs-net"],
  subjects: ["nic"],
  sources: [
    "https://man7.org/linux/man-pages/man8/ethtool.8.html",
    "https://docs.kernel.org/networking/ethtool-netlink.html",
  ],
  lab: { case: "nic-speed-mismatch" },
  evaluate(nic, view) {
    if (nic.attributes.netns !== undefined || nic.attributes.carrier !== true) return null;
    if (nic.attributes.wireless === true) return null;
    const settings = view.factOrAbsent("ethtool")?.find((one) => one.ifname === nic.name)?.settings;
    // sysfs is read with every sweep, ethtool seldom: the fresher one goes first.
    const { speed = settings?.speed, duplex = settings?.duplex } = nic.attributes;
    if (typeof speed !== "number" && typeof duplex !== "string") return null;
    const partner = new Set(settings?.partnerModes ?? []);
    const both = fastest((settings?.supportedModes ?? []).filter((mode) => partner.has(mode)));
    const half = duplex === "half";
    if (!half && !(typeof speed === "number" && both > speed)) return pass;
    const cable = view.graph.towardsWire(nic.id).find((edge) => edge.kind === "lldp");
    return {
      status: "warn",
      params: {
        nic: nic.name,
        speed: typeof speed === "number" ? speed : "?",
        duplex: String(duplex ?? "?"),
        possible: both > 0 ? `${both} Mbit/s` : "full duplex",
        peer: (cable && view.graph.node(cable.from)?.name) ?? "-",
      },
      evidence: [
        {
          command: commandLine(["ethtool", nic.name]),
          excerpt: [
            `Speed: ${String(speed ?? "Unknown!")}Mb/s  Duplex: ${String(duplex ?? "Unknown!")}`,
            ...(partner.size > 0 ? [`Link partner advertised link modes: ${[...partner].join(" ")}`] : []),
          ].join("\n"),
        },
      ],
    };
  },
});
