import { defineCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { nicFacts } from "../nic-examples";
import { setLink, unread } from "../testing";

/**
 * LRO on a NIC under a bridge: it melts several packets into one that the bridge cannot send on. The kernel switches it off when a NIC is enslaved; on again it comes by a script or
 * a driver reset. GRO (and its form in hardware) keeps packets as they were, and is well under a bridge.
 */
export const check = defineCheck({
  id: "offload-trouble",
  layer: "physical",
  title: { en: "LRO is on under a bridge", zh: "网桥下的网卡启用了 LRO" },
  message: {
    en: "{nic} (master {master}) has large-receive-offload on: what it merges cannot be forwarded to guests",
    zh: "{nic}（主设备 {master}）启用了 large-receive-offload：合并后的包无法转发给虚拟机",
  },
  expected: { en: "large-receive-offload is off on {nic}", zh: "{nic} 的 large-receive-offload 已关闭" },
  repair: {
    en: "Switch it off: ethtool -K {nic} lro off, and keep it off in the host's network configuration. If guests still have bad checksums at the far end, try inside the guest: ethtool -K eth0 tx off.",
    zh: "关闭它：ethtool -K {nic} lro off，并写入主机网络配置。若对端仍收到校验和错误的包，可在虚拟机内尝试：ethtool -K eth0 tx off。",
  },
  explain: {
    en: "LRO rewrites headers while merging and loses the sizes of the packets it merged. A bridge must pass frames on unchanged: merged ones are too long to leave and are dropped. TCP into guests crawls, pings are well.",
    zh: "LRO 合并时会改写包头并丢失原包长度。网桥必须原样转发：合并后的帧过长而被丢弃。进入虚拟机的 TCP 极慢，ping 正常。",
  },
  needs: ["ip-link", "ethtool"],
  subjects: ["nic"],
  reach: "neighbours",
  remedy: "lro-off",
  sources: [
    "https://docs.kernel.org/networking/netdev-features.html",
    "https://github.com/torvalds/linux/blob/v6.1/net/bridge/br_if.c",
    "https://man7.org/linux/man-pages/man8/ethtool.8.html",
  ],
  lab: {
    none: "virtio_net has LRO fixed off; bad partial checksums need a far end that looks at them",
    capture: "examples in this file",
  },
  evaluate(nic, view) {
    const { master, netns, slaveKind } = nic.attributes;
    if (netns !== undefined || typeof master !== "string") return null;
    const above = view.graph.towardsGuest(nic.id).flatMap((edge) => view.graph.node(edge.to) ?? []);
    const bridged = slaveKind === "bridge" || above.some((node) => node.attributes.slaveKind === "bridge");
    if (!bridged) return null;
    const features = view.factOrAbsent("ethtool")?.find((one) => one.ifname === nic.name)?.features;
    const lro = features?.find((feature) => feature.name === "large-receive-offload");
    if (!lro) return null;
    if (!lro.on) return pass;
    return {
      status: "warn",
      params: { nic: nic.name, master },
      evidence: [
        {
          command: commandLine(["ethtool", "-k", nic.name]),
          excerpt: `large-receive-offload: on${lro.fixed ? " [fixed]" : ""}`,
        },
      ],
    };
  },
  examples: {
    bad: [{ name: "LRO on a bond's member under a bridge", expect: "warn", facts: lro(true), subject: "nic/nic0" }],
    good: [
      { name: "LRO off, GRO in hardware on", expect: "pass", facts: lro(false), subject: "nic/nic0" },
      {
        name: "LRO on a NIC that forwards nothing",
        expect: "not-applicable",
        facts: setLink(lro(true), "nic0", { master: undefined }),
        subject: "nic/nic0",
      },
      {
        name: "LRO under a bond without a bridge",
        expect: "not-applicable",
        facts: setLink(lro(true), "bond0", (link) => ({ ...link, master: undefined, linkinfo: { info_kind: "bond" } })),
        subject: "nic/nic0",
      },
    ],
    unknown: [
      { name: "ethtool not read", expect: "unknown", facts: unread(lro(true), "ethtool"), subject: "nic/nic0" },
    ],
  },
});

function lro(on: boolean) {
  return nicFacts({
    features: [
      { name: "generic-receive-offload", on: true, fixed: false },
      { name: "large-receive-offload", on, fixed: false },
      { name: "rx-gro-hw", on: true, fixed: false },
    ],
  });
}
