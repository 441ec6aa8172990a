import { defineCheck, pass } from "../define";
import { inForce, ipv4On, settingKey } from "../network-values";

/**
 * A kernel setting keeps an interface with an address from answering ARP (arp_ignore 8: never), or makes the bridge of bridged guests answer for addresses of others (proxy_arp).
 * arp_ignore 1 and 2, arp_announce and arp_filter are in wide use and lose no reply by themselves; proxy_arp on an interface that bridges nobody is how routed guests are done.
 */
export const check = defineCheck({
  id: "arp-sysctl",
  layer: "addressing",
  title: { en: "Kernel setting spoils ARP", zh: "内核参数影响 ARP" },
  message: {
    en: "{setting} of {link} is in force with {now}: {link} with {addresses} answers ARP wrongly or not at all",
    zh: "{link} 的 {setting} 生效值为 {now}：拥有 {addresses} 的 {link} 对 ARP 应答错误或不应答",
  },
  expected: { en: "{setting} of {link} is {value}", zh: "{link} 的 {setting} 为 {value}" },
  repair: {
    en: "Put it back, on the interface and in all: sysctl -w {key}={value}; sysctl net/ipv4/conf/all/{setting} (the larger of the two counts). Then find what sets it in /etc/sysctl.conf and /etc/sysctl.d.",
    zh: "恢复接口及 all 的值：sysctl -w {key}={value}；sysctl net/ipv4/conf/all/{setting}（两者取较大值）。然后在 /etc/sysctl.conf 和 /etc/sysctl.d 中查找设置来源。",
  },
  explain: {
    en: "arp_ignore tells which requests are answered: with 8 none is, and nobody finds the host. proxy_arp answers for every address that the host has a route to elsewhere: guests then send their neighbours' frames to the host.",
    zh: "arp_ignore 决定应答哪些请求：为 8 时全部不应答，无人能找到主机。proxy_arp 会替主机另有路由的所有地址应答：虚拟机会把发给邻居的帧发到主机。",
  },
  needs: ["sysctl", "ip-addr"],
  subjects: ["bridge", "ovs-bridge", "nic", "bond", "vlan"],
  sources: ["https://docs.kernel.org/networking/ip-sysctl.html"],
  lab: { case: "arp-sysctl" },
  evaluate(link, view) {
    if (link.attributes.up !== true || typeof link.attributes.netns === "string") return null;
    const sysctl = view.fact("sysctl");
    const addresses = ipv4On(link, view.fact("ip-addr"));
    if (addresses.length === 0) return null;
    const ignore = inForce(sysctl, link.name, "arp_ignore");
    const proxy = inForce(sysctl, link.name, "proxy_arp");
    if (ignore === undefined && proxy === undefined) return null;
    const bridges =
      link.kind === "bridge" &&
      view.graph.towardsWire(link.id).some((edge) => edge.kind === "uplink") &&
      view.graph.towardsGuest(link.id).some((edge) => edge.kind === "bridge-port");
    const bad =
      ignore !== undefined && ignore >= 8
        ? ({ setting: "arp_ignore", now: ignore } as const)
        : proxy === 1 && bridges
          ? ({ setting: "proxy_arp", now: proxy } as const)
          : undefined;
    if (!bad) return pass;
    const own = sysctl.interfaces.find((entry) => entry.ifname === link.name)?.ipv4[bad.setting];
    const place = own === bad.now ? link.name : "all";
    const key = settingKey(place, bad.setting);
    return {
      status: bad.setting === "arp_ignore" ? "fail" : "warn",
      cuts: false,
      params: {
        ...bad,
        link: link.name,
        addresses: addresses.map((one) => `${one.local}/${one.prefixlen}`).join(", "),
        key,
        value: 0,
        was: bad.now,
      },
      evidence: [{ command: `sysctl '${key.replaceAll("'", "'\\''")}'`, excerpt: `${key} = ${bad.now}` }],
    };
  },
});
