import type { GraphEdge, GraphNode } from "../../graph/model";
import type { FactOf } from "../../probes/registry";
import { type CheckView, defineCheck, pass, type Sample } from "../define";
import { commandLine } from "../evidence";
import { bondHost, factsOf, unread } from "../testing";

type Neighbour = FactOf<"lldp">[number];

/**
 * The switch port at the other end of a NIC is another one than before. What was seen for longer than the window is the new truth: re-cabling that was meant is accepted by itself. A NIC
 * that hears several neighbours (a hub, a phone) or none is not judged.
 */
export const check = defineCheck({
  id: "cabling-changed",
  layer: "physical",
  title: { en: "Cable leads to another switch port", zh: "网线连到了另一个交换机端口" },
  message: {
    en: "{nic} is on {peer} since {hours} h; before, it was on another port (told for {limit} h)",
    zh: "{nic} 自 {hours} 小时前起连接到 {peer}，之前在另一个端口（提示保留 {limit} 小时）",
  },
  expected: { en: "{nic} stays on the switch port that it was on", zh: "{nic} 保持在原来的交换机端口" },
  repair: {
    en: "If nobody meant to move it: put the cable of {nic} back, or give {peer} the VLANs, LACP group and MTU of the old port. If it was meant, nothing is to be done: after {limit} h this is the new baseline.",
    zh: "若并非有意改动：将 {nic} 的网线插回原处，或让 {peer} 具备原端口的 VLAN、LACP 组和 MTU。若是有意的则无需处理：{limit} 小时后自动作为新的基线。",
  },
  explain: {
    en: "Most trouble after work in a rack is a cable in the wrong port: it has link, and another configuration. LLDP tells who is at the other end, and this is compared with who was.",
    zh: "机柜作业后的故障大多是网线插错端口：有链路，但配置不同。LLDP 告知对端是谁，此检查将其与之前的对端比较。",
  },
  needs: ["lldp"],
  subjects: ["nic", "veth"],
  reach: "self",
  settings: {
    hours: {
      title: { en: "Hours for which a move is told", zh: "改动提示保留小时数" },
      default: 24,
      unit: "h",
      min: 1,
      max: 168,
    },
  },
  track: {
    port: { windowMs: 7 * 86_400_000, sample: (nic, view) => numberOf(neighbourAt(nic, view)) },
  },
  sources: ["https://lldpd.github.io/usage.html", "https://standards.ieee.org/ieee/802.1AB/6047/"],
  lab: { case: "cabling-changed" },
  evaluate(nic, view) {
    view.factOrAbsent("lldp");
    const peer = neighbourAt(nic, view);
    const samples = view.samples("port");
    const last = samples.at(-1);
    if (!peer || !last) return null;
    // Runs from the newest back: this port, the one before it, and whether this one was seen before that (a cable that is back where it was).
    let since = last.at;
    let before: number | undefined;
    let back = false;
    for (const sample of samples.toReversed()) {
      if (before === undefined && sample.value === last.value) since = sample.at;
      else if (sample.value === last.value) back = true;
      else before ??= sample.value;
    }
    const moved = before !== undefined && !back;
    if (!moved || view.now - since > view.setting("hours") * 3_600_000) return pass;
    const name = `${peer.chassis.name ?? peer.chassis.id ?? "?"} ${peer.port.id ?? peer.port.descr ?? "?"}`;
    return {
      status: "warn",
      params: {
        nic: nic.name,
        peer: name,
        hours: Math.round((view.now - since) / 360_000) / 10,
        limit: view.setting("hours"),
      },
      evidence: [
        {
          command: commandLine(["lldpcli", "show", "neighbors", "ports", nic.name]),
          excerpt: `ChassisID: ${peer.chassis.id ?? "-"}  SysName: ${peer.chassis.name ?? "-"}  PortID: ${peer.port.id ?? "-"}`,
        },
      ],
    };
  },
  examples: {
    bad: [
      {
        name: "moved to another port",
        expect: "warn",
        facts: heard("swp7"),
        subject: "nic/nic0",
        samples: { port: seen("swp1", "swp7") },
      },
      {
        name: "moved to another switch, same port name",
        expect: "warn",
        facts: heard("swp1"),
        subject: "nic/nic0",
        samples: { port: seen("swp2", "swp1") },
      },
    ],
    good: [
      {
        name: "as always",
        expect: "pass",
        facts: heard("swp1"),
        subject: "nic/nic0",
        samples: { port: seen("swp1", "swp1") },
      },
      {
        name: "seen for the first time",
        expect: "pass",
        facts: heard("swp1"),
        subject: "nic/nic0",
        samples: { port: seen("swp1", "swp1").slice(1) },
      },
      {
        name: "put back where it was",
        expect: "pass",
        facts: heard("swp1"),
        subject: "nic/nic0",
        samples: {
          port: [...seen("swp1", "swp7").slice(1), { at: 1_000_000, value: seen("swp1", "swp1")[0]?.value ?? 0 }],
        },
      },
      {
        name: "nobody heard",
        expect: "not-applicable",
        facts: heard(),
        subject: "nic/nic0",
        samples: { port: seen("swp1", "swp7") },
      },
      {
        name: "two neighbours at one NIC",
        expect: "not-applicable",
        facts: heard("swp1", "swp2"),
        subject: "nic/nic0",
        samples: { port: seen("swp1", "swp2") },
      },
      {
        name: "a host without lldpd",
        expect: "not-applicable",
        facts: unread(heard(), "lldp", "absent", ""),
        subject: "nic/nic0",
      },
    ],
    unknown: [{ name: "lldpd did not answer", expect: "unknown", facts: unread(heard(), "lldp"), subject: "nic/nic0" }],
  },
});

/** The one LLDP neighbour at this NIC. */
function neighbourAt(nic: GraphNode | GraphEdge, view: CheckView<"lldp">): Neighbour | undefined {
  if (!("name" in nic) || nic.attributes.netns !== undefined) return undefined;
  if (nic.kind === "veth" && nic.attributes.playsNic !== true) return undefined;
  const all = (view.factOrAbsent("lldp") ?? []).filter(
    (one) => one.ifname === nic.name && (one.via ?? "LLDP") === "LLDP",
  );
  return all.length === 1 ? all[0] : undefined;
}

/** FNV-1a of chassis and port: tracks hold numbers. */
function numberOf(neighbour: Neighbour | undefined): number | undefined {
  if (neighbour?.chassis.id === undefined || neighbour.port.id === undefined) return undefined;
  let hash = 0x811c9dc5;
  for (const char of `${neighbour.chassis.id}\n${neighbour.port.id}`)
    hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}

function neighbour(port: string): Neighbour {
  return {
    ifname: "nic0",
    via: "LLDP",
    chassis: { id: "52:54:00:4c:ff:11", name: "tor-01", mgmtIps: [], capabilities: ["Bridge"] },
    port: { id: port },
    vlans: [],
  };
}

function heard(...ports: readonly string[]) {
  return { ...bondHost(), ...factsOf({ lldp: ports.map(neighbour) }) };
}

function seen(before: string, now: string): Sample[] {
  return [
    { at: 100_000, value: numberOf(neighbour(before)) ?? 0 },
    { at: 500_000, value: numberOf(neighbour(before)) ?? 0 },
    { at: 1_000_000, value: numberOf(neighbour(now)) ?? 0 },
  ];
}
