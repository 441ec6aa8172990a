import { defineCheck, pass } from "../define";

/** The host answers no ping, for all interfaces. It is alive and well: whoever tests it by ping is misled. Broadcast pings are ignored by default; that is no fault. */
export const check = defineCheck({
  id: "icmp-ignored",
  layer: "addressing",
  title: { en: "Host ignores ping", zh: "主机忽略 ping" },
  message: { en: "{key} is 1: the host is alive and answers no ping", zh: "{key} 为 1：主机正常，但不应答任何 ping" },
  expected: { en: "{key} is 0", zh: "{key} 为 0" },
  repair: {
    en: "Clear it: sysctl -w {key}=0, and look in /etc/sysctl.conf and /etc/sysctl.d for what sets it. If it is meant so, leave it and test with ARP or TCP instead.",
    zh: "清除：sysctl -w {key}=0，并在 /etc/sysctl.conf 和 /etc/sysctl.d 中查找设置来源。若为有意设置，请保留，改用 ARP 或 TCP 测试。",
  },
  explain: {
    en: "Hardening guides set it. Every monitor and every person that pings the host then takes it for dead, and looks for a fault in the network that is not there.",
    zh: "加固指南常设置此项。之后所有监控和使用 ping 的人都会认为主机已死，从而去寻找并不存在的网络故障。",
  },
  needs: ["sysctl"],
  subjects: ["host"],
  sources: ["https://docs.kernel.org/networking/ip-sysctl.html"],
  lab: { case: "icmp-ignored" },
  evaluate(_subject, view) {
    const { values } = view.fact("sysctl");
    const keys = ["net.ipv4.icmp_echo_ignore_all", "net.ipv6.icmp.echo_ignore_all"] as const;
    const bad = keys.find((key) => values[key] === 1);
    if (!bad) return keys.every((key) => values[key] === undefined) ? null : pass;
    return {
      status: "warn",
      params: { key: bad, value: 0, was: 1 },
      evidence: [{ command: `sysctl ${bad}`, excerpt: `${bad} = 1` }],
    };
  },
});
