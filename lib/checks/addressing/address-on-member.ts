import { defineCheck, pass } from "../define";
import { commandLine, linkEvidence } from "../evidence";
import { addressesOn } from "../usage";

/** Masters that take every frame away before the interface's own addresses see it. A VRF does not. */
const taking = new Set(["bridge", "bond", "team", "openvswitch", "ovs"]);

/** An address that somebody gave to an interface which is a port of a bridge, bond or Open vSwitch. Link-local addresses come by themselves and are no fault. */
export const check = defineCheck({
  id: "address-on-member",
  layer: "addressing",
  title: { en: "Address sits on an enslaved interface", zh: "IP 地址留在从属接口上" },
  message: {
    en: "{link} is a port of {master} and still has {addresses}: the host answers on it wrongly or not at all",
    zh: "{link} 是 {master} 的端口，却仍有地址 {addresses}：主机在该地址上应答异常或没有应答",
  },
  expected: { en: "{master} has the address, {link} has none", zh: "地址位于 {master}，{link} 上没有地址" },
  repair: {
    en: "Move {addresses} and the routes over {link} from {link} to {master}, in one go if you are connected through it, and in the boot configuration as well.",
    zh: "将 {addresses} 及经由 {link} 的路由从 {link} 移到 {master}；如果正通过它连接，请一次性完成，并同时修改启动配置。",
  },
  explain: {
    en: "The bridge or bond takes all frames that the port receives. Replies to ARP, and everything that should reach the host's address, then depend on which interface answers first - or nobody does.",
    zh: "网桥或绑定会取走端口收到的所有帧。ARP 应答以及发往该地址的流量由哪个接口响应变得不确定，甚至无人响应。",
  },
  needs: ["ip-link", "ip-addr"],
  optional: ["ip-route"],
  subjects: ["nic", "bond", "vlan", "vxlan", "veth", "tap", "other-link"],
  sources: ["https://wiki.debian.org/BridgeNetworkConnections", "https://docs.kernel.org/networking/bridge.html"],
  lab: { case: "address-on-member" },
  evaluate(link, view) {
    const { master, slaveKind } = link.attributes;
    if (typeof master !== "string" || typeof slaveKind !== "string" || !taking.has(slaveKind)) return null;
    const addresses = addressesOn(link, view.fact("ip-addr"));
    if (addresses.length === 0) return pass;
    const routes =
      view.factIfRead("ip-route")?.filter((route) => route.dev === link.name && route.dst === "default") ?? [];
    return {
      status: "fail",
      params: { link: link.name, master, addresses: addresses.join(", ") },
      evidence: [
        linkEvidence(link),
        {
          command: commandLine(["ip", "-br", "addr", "show", "dev", link.name], link.attributes),
          excerpt: `${link.name} ${addresses.join(" ")}`,
        },
        ...routes.map((route) => ({
          command: commandLine(["ip", "route", "show", "dev", link.name]),
          excerpt: `default via ${route.gateway ?? "-"} dev ${link.name}`,
        })),
      ],
      // Guests pass as before: it is the host that is deaf.
      cuts: false,
    };
  },
});
