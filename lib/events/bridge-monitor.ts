import { defineSource, gap } from "./define";
import { isLost } from "./netlink";

/**
 * Forwarding entries and ports of bridges. The ip monitor says the same of links; what only this one says is VLANs and port states.
 *
 * Sample (iproute2 6.1): `4: nic0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 master br0 state forwarding priority 32 cost 2`
 */
export const source = defineSource({
  id: "bridge-monitor",
  title: { en: "Bridge events", zh: "网桥事件" },
  on: "linux",
  script: `command -v bridge >/dev/null 2>&1 || tp_missing "bridge is not installed"
# All groups at once need root.
if [ "$TP_ROOT" = direct ]; then bridge monitor; else bridge monitor link fdb; fi`,
  tells: ["port", "fdb"],
  parse: (line) => (isLost(line) ? gap : / master \S+ state /.test(line) ? "port" : line.trim() === "" ? "" : "fdb"),
  news: (what) => (what === "" ? [] : [what]),
  sources: ["https://man7.org/linux/man-pages/man8/bridge.8.html"],
  examples: [
    {
      line: "4: nic0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 master br0 state forwarding priority 32 cost 2",
      news: ["port"],
    },
    { line: "52:54:00:aa:00:01 dev vnet0 master br0", news: ["fdb"] },
    { line: "netlink receive error No buffer space available (105)", news: [gap] },
    { line: " ", news: [] },
  ],
});
