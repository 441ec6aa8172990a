import { z } from "zod";
import { defineProbe, ParseError } from "./define";
import { afterGap, soon } from "./delays";
import { parseIpJson } from "./ip-json";
import { Address, LinkAddresses } from "./iproute";

export { Address, LinkAddresses };

/**
 * IPv4 and IPv6 addresses of every interface of the host's own network namespace; interfaces without address have an empty `addr_info`.
 *
 * Sample (iproute2 6.1, shortened):
 * `[{"ifindex":3,"link":"v0","ifname":"v1","flags":["BROADCAST","MULTICAST","UP","LOWER_UP"],"mtu":1500,...,"addr_info":[{"family":"inet","local":"10.9.9.1",
 * "address":"10.9.9.2","prefixlen":32,"scope":"global","label":"v1","valid_life_time":4294967295,"preferred_life_time":4294967295}]}]`
 */
export const probe = defineProbe({
  id: "ip-addr",
  title: { en: "IP addresses", zh: "IP 地址" },
  tier: "fast",
  rereadOn: { "ip-monitor:come-or-gone": soon, "ip-monitor:address": soon, "ip-monitor:gap": afterGap },
  volatile: ["valid_life_time", "preferred_life_time"],
  command: "ip -j addr show",
  script: "need ip; ip -j addr show; _s=$?; iproute2_or_absent ip; exit $_s",
  privilege: "none",
  timeoutMs: 5_000,
  maxBytes: 8_388_608,
  fact: z.array(LinkAddresses),
  parse: (raw) => {
    const links = parseIpJson(raw, LinkAddresses);
    // A network namespace always has its loopback: an empty list is an output that was cut.
    if (links.length === 0) throw new ParseError("no interface at all");
    return links;
  },
  sources: ["https://man7.org/linux/man-pages/man8/ip-address.8.html"],
  examples: [
    {
      name: "point-to-point address and a link-local one still tentative",
      stdout:
        '[{"ifindex":3,"link":"v0","ifname":"v1","flags":["BROADCAST","MULTICAST","UP","LOWER_UP"],"mtu":1500,"qdisc":"noqueue","operstate":"UP","group":"default","txqlen":1000,"link_type":"ether","address":"26:7c:03:40:9b:fc","broadcast":"ff:ff:ff:ff:ff:ff","addr_info":[{"family":"inet","local":"10.9.9.1","address":"10.9.9.2","prefixlen":32,"scope":"global","label":"v1","valid_life_time":4294967295,"preferred_life_time":4294967295},{"family":"inet6","local":"fe80::247c:3ff:fe40:9bfc","prefixlen":64,"scope":"link","tentative":true,"valid_life_time":4294967295,"preferred_life_time":4294967295}]},{"ifindex":5,"ifname":"tap0","flags":["BROADCAST","MULTICAST"],"mtu":1500,"qdisc":"noop","operstate":"DOWN","group":"default","txqlen":1000,"link_type":"ether","address":"fa:6a:29:eb:11:04","broadcast":"ff:ff:ff:ff:ff:ff","addr_info":[]}]\n',
      expect: [
        {
          ifindex: 3,
          ifname: "v1",
          addr_info: [
            {
              family: "inet",
              local: "10.9.9.1",
              address: "10.9.9.2",
              prefixlen: 32,
              scope: "global",
              label: "v1",
              valid_life_time: 4294967295,
              preferred_life_time: 4294967295,
            },
            {
              family: "inet6",
              local: "fe80::247c:3ff:fe40:9bfc",
              prefixlen: 64,
              scope: "link",
              tentative: true,
              valid_life_time: 4294967295,
              preferred_life_time: 4294967295,
            },
          ],
        },
        { ifindex: 5, ifname: "tap0", addr_info: [] },
      ],
    },
  ],
});
