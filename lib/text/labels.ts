import type { Layer } from "../checks/define";
import { type EdgeKind, edgeKind, type NodeKind, nodeKind } from "../graph/kinds";
import type { Status } from "../graph/model";
import type { RemedyProgress } from "../wire/jobs/remedy";
import type { HostState } from "../wire/model";
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
  captured: { en: "capture", zh: "采集" },
};

/** What a kind of node or edge is called: see its file in lib/graph/kinds and lib/graph/edges. */
export const wordOfKind = (kind: NodeKind): Wording => nodeKind[kind].word;
export const wordOfEdge = (kind: EdgeKind): Wording => edgeKind[kind].word;

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
