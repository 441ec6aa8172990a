import { z } from "zod";
import { defineProbe, ParseError } from "./define";
import { afterGap, soon } from "./delays";
import { parseIpJson } from "./ip-json";
import { Link, linkVolatile } from "./iproute";

export { Link };

/**
 * Interfaces of the host's own network namespace, with counters and kind-specific details.
 *
 * Sample (iproute2 6.1, shortened):
 * `[{"ifindex":2,"ifname":"nic0","flags":["BROADCAST","MULTICAST","SLAVE","UP","LOWER_UP"],"mtu":1500,"qdisc":"pfifo_fast","master":"bond0",
 * "operstate":"UP","link_type":"ether","address":"52:54:00:00:00:10","linkinfo":{"info_slave_kind":"bond"},...}]`
 */
export const probe = defineProbe({
  id: "ip-link",
  title: { en: "Network interfaces", zh: "网络接口" },
  tier: "fast",
  rereadOn: { "ip-monitor:link": soon, "ip-monitor:gap": afterGap },
  volatile: linkVolatile,
  key: "ifname",
  command: "ip -d -s -j link show",
  script: "need ip; ip -d -s -j link show; _s=$?; iproute2_or_absent ip; exit $_s",
  privilege: "none",
  timeoutMs: 5_000,
  maxBytes: 8_388_608,
  fact: z.array(Link),
  parse: (raw) => {
    const links = parseIpJson(raw, Link);
    // A network namespace always has its loopback: an empty list is an output that was cut.
    if (links.length === 0) throw new ParseError("no interface at all");
    return links;
  },
  sources: ["https://man7.org/linux/man-pages/man8/ip-link.8.html"],
  examples: [
    {
      name: "a bond member",
      stdout:
        '[{"ifindex":2,"ifname":"nic0","flags":["BROADCAST","MULTICAST","SLAVE","UP","LOWER_UP"],"mtu":1500,"qdisc":"pfifo_fast","master":"bond0","operstate":"UP","linkmode":"DEFAULT","group":"default","txqlen":1000,"link_type":"ether","address":"52:54:00:00:00:10","broadcast":"ff:ff:ff:ff:ff:ff"}]\n',
      expect: [
        {
          ifindex: 2,
          ifname: "nic0",
          flags: ["BROADCAST", "MULTICAST", "SLAVE", "UP", "LOWER_UP"],
          mtu: 1500,
          qdisc: "pfifo_fast",
          master: "bond0",
          operstate: "UP",
          txqlen: 1000,
          link_type: "ether",
          address: "52:54:00:00:00:10",
          broadcast: "ff:ff:ff:ff:ff:ff",
        },
      ],
    },
  ],
});
