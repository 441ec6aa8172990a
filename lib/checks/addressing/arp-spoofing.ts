import type { GraphNode } from "../../graph/model";
import { type CheckView, defineCheck, pass, type Sample } from "../define";
import { commandLine } from "../evidence";
import { bondHost, edit, macOf, unread } from "../testing";

const right = "52:54:00:4c:ff:01";

/**
 * The gateway's MAC changed: to that of one of our own guests, or back and forth - then somebody takes its place; once - then it may have been replaced or have failed over. Virtual
 * routers that share a MAC (VRRP, HSRP) do not change it. A guest that has always been the gateway is one by design.
 */
export const check = defineCheck({
  id: "arp-spoofing",
  layer: "addressing",
  title: { en: "Gateway's MAC changed", zh: "网关 MAC 发生变化" },
  message: {
    en: "{gateway} on {dev} was {before} and is {mac} now ({owner}); {changes} changes in {minutes} min",
    zh: "{dev} 上的 {gateway} 原为 {before}，现为 {mac}（{owner}）；{minutes} 分钟内变化 {changes} 次",
  },
  expected: { en: "{gateway} keeps its MAC", zh: "{gateway} 的 MAC 保持不变" },
  repair: {
    en: "Find the port of {mac}: bridge fdb show | grep -i {mac}. If it is a guest, unplug it and ask its owner. Until then pin the right one: ip neigh replace {gateway} lladdr {before} dev {dev} nud permanent (undo: ip neigh del {gateway} dev {dev}).",
    zh: "查找 {mac} 所在端口：bridge fdb show | grep -i {mac}。若为虚拟机，将其断开并询问负责人。在此之前可固定正确的表项：ip neigh replace {gateway} lladdr {before} dev {dev} nud permanent（撤销：ip neigh del {gateway} dev {dev}）。",
  },
  explain: {
    en: "Whoever answers ARP for the gateway gets all that leaves the subnet. It is an attack, or just as often a guest that was given the gateway's address by mistake.",
    zh: "谁应答网关的 ARP，谁就得到所有离开本网段的流量。可能是攻击，也常常只是虚拟机误配了网关地址。",
  },
  needs: ["ip-neigh"],
  subjects: ["gateway"],
  reach: "host",
  settings: {
    window: {
      title: { en: "Minutes for which a change is told", zh: "变化的报告时长（分钟）" },
      default: 15,
      unit: "min",
      min: 1,
      max: 60,
    },
    quiet: {
      title: {
        en: "Seconds of quiet after which a MAC that came back is well",
        zh: "原 MAC 恢复后视为正常所需的安静秒数",
      },
      default: 30,
      unit: "s",
      min: 5,
      max: 3_600,
    },
  },
  track: {
    mac: {
      windowMs: 3_600_000,
      sample(subject, view) {
        const mac = "from" in subject ? undefined : macNow(subject, view);
        return mac === undefined ? undefined : numberOf(mac);
      },
    },
  },
  sources: [
    "https://man7.org/linux/man-pages/man7/arp.7.html",
    "https://man7.org/linux/man-pages/man8/ip-neighbour.8.html",
  ],
  lab: { case: "arp-spoofing" },
  evaluate(gateway, view) {
    const mac = macNow(gateway, view);
    const { address, dev } = gateway.attributes;
    if (mac === undefined || typeof address !== "string" || typeof dev !== "string") return null;
    const minutes = view.setting("window");
    const samples = view.samples("mac");
    const from = view.now - minutes * 60_000;
    const changed = samples.filter((one, at) => at > 0 && one.value !== samples[at - 1]?.value && one.at >= from);
    const last = changed.at(-1);
    if (!last) return pass;
    // Back at the MAC that it had at first, and quiet since: past.
    const first = samples.find((one) => one.at >= from);
    if (first?.value === numberOf(mac) && view.now - last.at >= view.setting("quiet") * 1000) return pass;
    const before = samples.findLast((one) => one.at < last.at && one.value !== numberOf(mac))?.value;
    if (before === undefined) return pass;
    const guest = view.graph.ofKind("vnic").find((one) => one.attributes.mac === mac);
    return {
      status: guest || changed.length > 1 ? "fail" : "warn",
      cuts: false,
      params: {
        gateway: address,
        dev,
        before: textOf(before),
        mac,
        owner: guest ? String(guest.attributes.vm ?? guest.name) : "?",
        changes: changed.length,
        minutes,
      },
      evidence: [
        {
          command: commandLine(["ip", "neigh", "show", "to", address, "dev", dev]),
          excerpt: `${address} lladdr ${mac} (before: ${textOf(before)})`,
        },
        {
          command: commandLine(["ip", "-ts", "monitor", "neigh"]),
          excerpt: `${changed.length} changes of ${address} seen`,
        },
      ],
      ...(guest ? { alsoOn: [guest.id] } : {}),
    };
  },
  examples: {
    bad: [
      {
        name: "a guest took its place",
        expect: "fail",
        facts: gatewayIs(macOf(2)),
        subject: "gateway/10.20.0.1",
        samples: { mac: row(right, right, macOf(2)) },
      },
      {
        name: "back and forth",
        expect: "fail",
        facts: gatewayIs("02:00:00:00:00:66"),
        subject: "gateway/10.20.0.1",
        samples: { mac: row(right, "02:00:00:00:00:66", right, "02:00:00:00:00:66") },
      },
      {
        name: "another once",
        expect: "warn",
        facts: gatewayIs("02:00:00:00:00:66"),
        subject: "gateway/10.20.0.1",
        samples: { mac: row(right, right, "02:00:00:00:00:66") },
      },
    ],
    good: [
      {
        name: "the same all along",
        expect: "pass",
        facts: bondHost(),
        subject: "gateway/10.20.0.1",
        samples: { mac: row(right, right, right) },
      },
      {
        name: "a guest that has always been the gateway",
        expect: "pass",
        facts: gatewayIs(macOf(2)),
        subject: "gateway/10.20.0.1",
        samples: { mac: row(macOf(2), macOf(2)) },
      },
      {
        name: "replaced an hour ago",
        expect: "pass",
        facts: bondHost(),
        subject: "gateway/10.20.0.1",
        samples: {
          mac: [
            ...row("02:00:00:00:00:66").map((one) => ({ ...one, at: one.at - 2_000_000 })),
            ...row(right).map((one) => ({ ...one, at: one.at - 1_900_000 })),
            ...row(right, right),
          ],
        },
      },
      {
        name: "not resolved now",
        expect: "not-applicable",
        facts: edit(bondHost(), "ip-neigh", () => []),
        subject: "gateway/10.20.0.1",
      },
    ],
    unknown: [
      {
        name: "neighbours not read",
        expect: "unknown",
        facts: unread(bondHost(), "ip-neigh"),
        subject: "gateway/10.20.0.1",
      },
    ],
  },
});

const macNow = (gateway: GraphNode, view: CheckView<"ip-neigh">): string | undefined =>
  view
    .fact("ip-neigh")
    .find((one) => one.dst === gateway.attributes.address && one.dev === gateway.attributes.dev)
    ?.lladdr?.toLowerCase();

/** A MAC fits a number: 48 of its 53 bits. Links with longer addresses (InfiniBand) are not sampled. */
function numberOf(mac: string): number | undefined {
  return /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(mac) ? Number.parseInt(mac.replaceAll(":", ""), 16) : undefined;
}

const textOf = (number: number): string => (number.toString(16).padStart(12, "0").match(/../g) ?? []).join(":");

function gatewayIs(lladdr: string) {
  return edit(bondHost(), "ip-neigh", (all) => all.map((one) => (one.dst === "10.20.0.1" ? { ...one, lladdr } : one)));
}

function row(...macs: readonly string[]): Sample[] {
  return macs.map((mac, at) => ({ at: 1_000_000 - (macs.length - 1 - at) * 10_000, value: numberOf(mac) ?? 0 }));
}
