import { defineCase } from "../cases";
import { physical } from "../config";

/** 30 datagrams to the broadcast address every 10 ms: about 3,000 a second, 60 s long. */
const sender =
  'const s=require("dgram").createSocket("udp4");s.on("error",()=>process.exit(0));s.bind(0,"10.20.0.89",()=>{s.setBroadcast(true);const t=setInterval(()=>{for(let i=0;i<30;i++)s.send("storm",9,"10.20.0.255")},10);setTimeout(()=>{clearInterval(t);s.close()},60000)})';

export const labCase = defineCase({
  id: "broadcast-storm",
  check: "broadcast-storm",
  base: "bond",
  story: "a machine behind the switch broadcasts some thousand packets a second for a minute",
  async inject(lab) {
    await lab.switchNs(["ip", "link", "add", "storm0", "type", "veth", "peer", "name", "storm1"]);
    await lab.switchNs(["ip", "link", "set", "storm1", "master", physical.bridge, "up"]);
    await lab.switchNs(["ip", "link", "set", "storm0", "address", "52:54:00:4c:ee:01", "up"]);
    await lab.switchNs(["ip", "addr", "add", "10.20.0.89/24", "dev", "storm0"]);
    // Bounded in count and time; ends with the veth pair.
    await lab.switchNs([
      "sh",
      "-c",
      `(timeout 90 ${JSON.stringify(process.execPath)} -e '${sender}' >/dev/null 2>&1 &)`,
    ]);
  },
  shows:
    "a=$(cat /sys/class/net/vnet0/statistics/tx_packets); sleep 2; b=$(cat /sys/class/net/vnet0/statistics/tx_packets); test $((b - a)) -gt 2000",
  expect: {
    subjects: ["bridge/br0"],
    impacts: [],
    mayImpact: ["web-01", "web-02"],
    alsoAllowed: [
      "host-cpu-saturated",
      "softnet-drops",
      "arp-incomplete",
      "tap-tx-drops",
      "link-saturated",
      "gateway-unreachable",
      "lldp-vlan-mismatch",
    ],
  },
  async heal(lab) {
    await lab.switchNs(["ip", "link", "del", "storm0"]);
  },
});
