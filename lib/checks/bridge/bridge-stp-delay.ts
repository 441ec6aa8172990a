import { defineCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { dataOf, isElsewhere, linkNamed, numberOf } from "../layer2";

/**
 * With STP on, a new port listens and then learns, each for the forward delay, before it passes anything. Without STP the kernel forwards at once whatever the delay says.
 * libvirt's own networks have STP on with a delay that the kernel raises to its least (2 s): well.
 */
export const check = defineCheck({
  id: "bridge-stp-delay",
  layer: "bridge",
  title: { en: "New guests are deaf for the STP delay", zh: "STP 延迟使新虚拟机无法通信" },
  message: {
    en: "{bridge} keeps each new port deaf for {deaf} s (STP on, forward delay {delay} s; limit {limit} s): DHCP may give up before",
    zh: "{bridge} 的新端口在 {deaf} 秒内不转发（STP 开启，转发延迟 {delay} 秒；阈值 {limit} 秒）：DHCP 可能先行放弃",
  },
  expected: {
    en: "A new port of {bridge} forwards within {limit} s",
    zh: "{bridge} 的新端口在 {limit} 秒内开始转发",
  },
  repair: {
    en: "Shorten it: ip link set {bridge} type bridge forward_delay 200 (hundredths of a second; 2 s is the least with STP). Where {bridge} has one uplink only and no guest bridges, STP may be switched off instead. Set the same in the boot configuration. If another switch is root of the tree, the delay is its choice: change it there.",
    zh: "缩短延迟：ip link set {bridge} type bridge forward_delay 200（单位为百分之一秒；启用 STP 时最小 2 秒）。若 {bridge} 只有一个上行且虚拟机不做桥接，也可关闭 STP。同时修改启动配置。若生成树的根是其他交换机，则延迟由它决定：在那里修改。",
  },
  explain: {
    en: "A guest that starts sends DHCP requests at once and gives up after some ten seconds to a minute; PXE gives up sooner. While its port is listening and learning, nothing of that passes.",
    zh: "虚拟机启动后立即发送 DHCP 请求，十几秒到一分钟后放弃；PXE 更快放弃。端口处于 listening 和 learning 期间，这些请求都无法通过。",
  },
  needs: ["ip-link"],
  subjects: ["bridge"],
  settings: {
    deaf: {
      title: { en: "Seconds that a new port may be deaf", zh: "新端口允许不转发的秒数" },
      default: 20,
      unit: "s",
      min: 1,
      max: 60,
    },
  },
  sources: [
    "https://docs.kernel.org/networking/bridge.html",
    "https://man7.org/linux/man-pages/man8/ip-link.8.html",
    "https://github.com/torvalds/linux/blob/v6.1/net/bridge/br_stp.c",
  ],
  lab: { case: "bridge-stp-delay" },
  evaluate(subject, view) {
    const links = view.fact("ip-link");
    if (isElsewhere(subject)) return null;
    const own = linkNamed(links, subject.name);
    const delay = numberOf(dataOf(own, "forward_delay"));
    const guests = view.graph
      .towardsGuest(subject.id)
      .filter((edge) => edge.kind === "bridge-port" && view.graph.node(edge.to)?.kind === "tap");
    if (delay === undefined || guests.length === 0) return null;
    const deaf = (2 * delay) / 100;
    const limit = view.setting("deaf");
    // 2: a daemon in user space runs the tree (RSTP); the kernel's delay then says nothing.
    if (dataOf(own, "stp_state") !== 1 || deaf <= limit) return pass;
    return {
      status: "warn",
      params: { bridge: subject.name, deaf, delay: delay / 100, limit },
      evidence: [
        {
          command: commandLine(["ip", "-d", "link", "show", "dev", subject.name]),
          excerpt: `${subject.name}: bridge forward_delay ${delay} stp_state 1`,
        },
      ],
    };
  },
});
