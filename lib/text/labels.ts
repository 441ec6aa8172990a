import type { Layer } from "../checks/define";
import type { EdgeKind, NodeKind, Status } from "../graph/model";
import type { HostState } from "../wire/model";
import type { RemedyProgress } from "../wire/socket";
import type { Wording } from "../wording";

/** The words of the trade for what the model calls by id. */
export const statusWord: Readonly<Record<Status, Wording>> = {
  ok: { en: "ok", zh: "正常" },
  warn: { en: "warning", zh: "警告" },
  fail: { en: "broken", zh: "故障" },
  impacted: { en: "impacted", zh: "受影响" },
  unknown: { en: "unknown", zh: "未知" },
  stale: { en: "stale", zh: "过期" },
};

/** Worst first. */
export const statusRank: Readonly<Record<Status, number>> = {
  fail: 0,
  warn: 1,
  impacted: 2,
  stale: 3,
  unknown: 4,
  ok: 5,
};

export const findingWord: Readonly<Record<"fail" | "warn" | "unknown", Wording>> = {
  fail: { en: "Fails", zh: "失败" },
  warn: { en: "Warns", zh: "警告" },
  unknown: { en: "Unknown", zh: "未知" },
};

export const stateWord: Readonly<Record<HostState, Wording>> = {
  connecting: { en: "connecting", zh: "连接中" },
  live: { en: "live", zh: "在线" },
  degraded: { en: "degraded", zh: "降级" },
  stale: { en: "stale", zh: "数据过期" },
  unreachable: { en: "unreachable", zh: "不可达" },
  refused: { en: "refused", zh: "被拒绝" },
  failed: { en: "failed", zh: "内部故障" },
};

export const kindWord: Readonly<Record<NodeKind, Wording>> = {
  "switch-port": { en: "switch port", zh: "交换机端口" },
  gateway: { en: "gateway", zh: "网关" },
  nic: { en: "NIC", zh: "网卡" },
  bond: { en: "bond", zh: "绑定" },
  vlan: { en: "VLAN", zh: "VLAN" },
  vxlan: { en: "VXLAN", zh: "VXLAN" },
  bridge: { en: "bridge", zh: "网桥" },
  "ovs-bridge": { en: "OVS bridge", zh: "OVS 网桥" },
  "ovs-port": { en: "OVS port", zh: "OVS 端口" },
  veth: { en: "veth", zh: "veth" },
  macvtap: { en: "macvtap", zh: "macvtap" },
  tap: { en: "TAP", zh: "TAP" },
  vnic: { en: "vNIC", zh: "虚拟网卡" },
  vm: { en: "VM", zh: "虚拟机" },
  host: { en: "host", zh: "主机" },
  netns: { en: "network namespace", zh: "网络命名空间" },
  "other-link": { en: "interface", zh: "接口" },
};

export const edgeWord: Readonly<Record<EdgeKind, Wording>> = {
  lldp: { en: "cable (LLDP)", zh: "线缆 (LLDP)" },
  "bond-member": { en: "bond member", zh: "绑定成员" },
  "vlan-parent": { en: "VLAN on its parent", zh: "VLAN 与父接口" },
  underlay: { en: "tunnel underlay", zh: "隧道承载" },
  uplink: { en: "bridge uplink", zh: "网桥上联" },
  "bridge-port": { en: "bridge port", zh: "网桥端口" },
  "ovs-port": { en: "OVS port", zh: "OVS 端口" },
  "veth-peer": { en: "veth pair", zh: "veth 对" },
  macvtap: { en: "macvtap on its parent", zh: "macvtap 与父接口" },
  "tap-vnic": { en: "virtual cable", zh: "虚拟线缆" },
  "vnic-vm": { en: "vNIC in VM", zh: "虚拟机网卡" },
  gateway: { en: "gateway", zh: "网关" },
  routed: { en: "routed way", zh: "路由通路" },
  "same-segment": { en: "same segment", zh: "同一网段" },
};

/** On the line of a routed way. */
export const routedWord: Readonly<Record<"nat" | "routed", Wording>> = {
  nat: { en: "NAT", zh: "NAT" },
  routed: { en: "routed", zh: "路由" },
};

export const layerWord: Readonly<Record<Layer, Wording>> = {
  host: { en: "Host", zh: "主机" },
  physical: { en: "Physical", zh: "物理层" },
  bond: { en: "Bond", zh: "绑定" },
  bridge: { en: "Bridge", zh: "网桥" },
  vlan: { en: "VLAN and tunnel", zh: "VLAN 与隧道" },
  tap: { en: "TAP and vNIC", zh: "TAP 与虚拟网卡" },
  ovs: { en: "Open vSwitch", zh: "Open vSwitch" },
  addressing: { en: "Addressing and routing", zh: "地址与路由" },
  filtering: { en: "Filtering", zh: "过滤" },
};

export const phaseWord: Readonly<Record<RemedyProgress["phase"], Wording>> = {
  probing: { en: "Probing what works now", zh: "探测当前可用性" },
  arming: { en: "Arming the undo on the host", zh: "在主机上布置撤销" },
  applying: { en: "Applying", zh: "执行" },
  settling: { en: "Settling", zh: "等待生效" },
  verifying: { en: "Verifying", zh: "验证" },
  kept: { en: "Kept", zh: "已保留" },
  undoing: { en: "Undoing", zh: "撤销中" },
  undone: { en: "Undone", zh: "已撤销" },
  failed: { en: "Failed", zh: "失败" },
  unknown: { en: "Outcome unknown", zh: "结果未知" },
};
