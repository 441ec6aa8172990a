import { defineCheck, type Evidence, pass } from "../define";
import { commandLine } from "../evidence";
import { type EthtoolNic, nicFacts } from "../nic-examples";
import { adminDown, noCarrier, setLink, unread } from "../testing";
import { carriesOthers } from "../usage";

/** `Laser rx power low alarm`, `Laser output power low warning`, on QSFP `Laser tx power low alarm   (Channel 1)`: the module's own flags (SFF-8472, SFF-8636), against its own thresholds. */
const flag = /^Laser (rx|tx|output) power low (alarm|warning)\s*(\(Chan(?:nel)? \d+\))?$/i;
const reading =
  /^(Laser output power|Receiver signal average optical power|Rcvr signal avg optical power|Transmit avg optical power)/i;

/**
 * Too little light, by the transceiver's own thresholds. A spare port without a fibre has none either: no fault. Copper modules and those without diagnostics raise no flags.
 */
export const check = defineCheck({
  id: "optic-power-low",
  layer: "physical",
  title: { en: "Optical power is too low", zh: "光功率过低" },
  message: {
    en: "The transceiver of {nic} reports {flags}: {power}",
    zh: "{nic} 的光模块报告 {flags}：{power}",
  },
  expected: { en: "No low-power alarm or warning of the transceiver", zh: "光模块没有低光功率告警" },
  repair: {
    en: "Low received power: clean both ends of the fibre of {nic}, look for a tight bend, then swap fibre, then the transceiver at the far end (switch and port by LLDP: {peer}). Low output power: swap the transceiver in {nic}.",
    zh: "接收光功率低：清洁 {nic} 光纤两端，检查是否弯折过紧，然后依次更换光纤和对端光模块（LLDP 看到的交换机端口：{peer}）。发送光功率低：更换 {nic} 的光模块。",
  },
  explain: {
    en: "A transceiver measures the light it sends and receives and compares it with thresholds that its maker wrote into it. Below the warning the link still works, with growing bit errors; below the alarm it goes.",
    zh: "光模块测量收发的光功率，并与厂商写入的阈值比较。低于警告值时链路仍可用但误码增多；低于告警值时链路会中断。",
  },
  needs: ["ip-link", "ethtool"],
  subjects: ["nic"],
  reach: "neighbours",
  sources: [
    "https://man7.org/linux/man-pages/man8/ethtool.8.html",
    "https://git.kernel.org/pub/scm/network/ethtool/ethtool.git/tree/sfpdiag.c?h=v6.1",
    "https://git.kernel.org/pub/scm/network/ethtool/ethtool.git/tree/qsfp.c?h=v6.1",
  ],
  lab: { none: "no virtual NIC has a transceiver", capture: "e2e/captures/hardware/ethtool-6.1-m-sfp-low.txt" },
  evaluate(nic, view) {
    if (nic.attributes.netns !== undefined || nic.attributes.up !== true) return null;
    const optics = view.factOrAbsent("ethtool")?.find((one) => one.ifname === nic.name)?.optics;
    if (!optics) return null;
    const flags = optics.filter(({ name }) => flag.test(name));
    if (flags.length === 0) return null;
    const carrier = nic.attributes.carrier === true;
    if (!carrier && nic.attributes.hadCarrier !== true && !carriesOthers(nic, view.graph)) return null;
    const raised = flags.filter(({ value }) => value.trim() === "On");
    if (raised.length === 0) return pass;
    const power = optics.filter(({ name }) => reading.test(name) && !/ (low|high) /.test(name));
    const cable = view.graph.towardsWire(nic.id).find((edge) => edge.kind === "lldp");
    const evidence: [Evidence] = [
      {
        command: commandLine(["ethtool", "-m", nic.name]),
        excerpt: [...power, ...raised].map(({ name, value }) => `${name} : ${value}`).join("\n"),
      },
    ];
    const dark = !carrier && raised.some(({ name }) => /alarm/i.test(name));
    return {
      status: dark ? "fail" : "warn",
      params: {
        nic: nic.name,
        flags: raised.map(({ name }) => name.replace(/\s+/g, " ")).join(", "),
        power: power.map(({ name, value }) => `${name.replace(/\s+/g, " ")} ${value}`).join(", ") || "-",
        peer: (cable && view.graph.node(cable.from)?.name) ?? "-",
      },
      evidence,
      cuts: dark,
    };
  },
  examples: {
    bad: [
      { name: "dim, the link still up", expect: "warn", facts: lit("-19.20", "warning"), subject: "nic/nic0" },
      {
        name: "dark, and the link is gone",
        expect: "fail",
        facts: noCarrier(lit("-40.00", "alarm"), "nic0"),
        subject: "nic/nic0",
      },
      {
        name: "one lane of a QSFP",
        expect: "warn",
        facts: nicFacts({
          optics: [
            { name: "Rcvr signal avg optical power(Channel 3)", value: "0.0100 mW / -20.00 dBm" },
            { name: "Laser rx power low alarm   (Channel 3)", value: "On" },
          ],
        }),
        subject: "nic/nic0",
      },
    ],
    good: [
      { name: "enough light", expect: "pass", facts: lit("-2.40"), subject: "nic/nic0" },
      {
        name: "a copper module",
        expect: "not-applicable",
        facts: nicFacts({ optics: [{ name: "Identifier", value: "0x03 (SFP)" }] }),
        subject: "nic/nic0",
      },
      {
        name: "no transceiver",
        expect: "not-applicable",
        facts: nicFacts({}),
        subject: "nic/nic0",
      },
      {
        name: "a spare port without a fibre",
        expect: "not-applicable",
        facts: setLink(noCarrier(lit("-40.00", "alarm"), "nic0"), "nic0", { master: undefined }),
        subject: "nic/nic0",
      },
      {
        name: "set down: its laser is off on purpose",
        expect: "not-applicable",
        facts: adminDown(lit("-40.00", "alarm"), "nic0"),
        subject: "nic/nic0",
      },
    ],
    unknown: [
      { name: "ethtool not read", expect: "unknown", facts: unread(lit("-2.40"), "ethtool"), subject: "nic/nic0" },
    ],
  },
});

function lit(dbm: string, raised?: "alarm" | "warning") {
  const on = (level: string) => (raised === "alarm" || raised === level ? "On" : "Off");
  const optics: EthtoolNic["optics"] = [
    { name: "Identifier", value: "0x03 (SFP)" },
    { name: "Laser output power", value: "0.5720 mW / -2.43 dBm" },
    { name: "Receiver signal average optical power", value: `0.0120 mW / ${dbm} dBm` },
    { name: "Laser output power low alarm", value: "Off" },
    { name: "Laser rx power low alarm", value: on("alarm") },
    { name: "Laser rx power low warning", value: on("warning") },
    { name: "Laser rx power low alarm threshold", value: "0.0100 mW / -20.00 dBm" },
  ];
  return nicFacts({ optics });
}
