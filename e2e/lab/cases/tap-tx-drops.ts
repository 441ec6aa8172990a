import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "tap-tx-drops",
  check: "tap-tx-drops",
  base: "bond",
  // What was dropped counts for as long: it must have left the window within the time that a case waits for its end.
  settings: { "tap-tx-drops.window": 30 },
  story: "web-01's driver stopped (its interface is set down inside) while the host keeps sending to it",
  async inject(lab) {
    await lab.guest("web-01", "ip link set eth0 down");
    // Its address stays known, so that frames are sent at all. A thousand fill the queue, which takes a slow machine most of a minute.
    await lab.hv("ip neigh replace 10.20.0.11 lladdr 52:54:00:5b:00:01 dev br0 nud permanent");
    await lab.hv("bridge fdb replace 52:54:00:5b:00:01 dev vnet0 master static");
    await lab.hv("setsid ping -q -i 0.002 -w 70 10.20.0.11 </dev/null >/dev/null 2>&1 &");
    await lab.waitHv("the TAP drops", 'test "$(cat /sys/class/net/vnet0/statistics/tx_dropped)" -gt 200', 75_000);
  },
  shows:
    'test "$(cat /sys/class/net/vnet0/statistics/tx_dropped)" -gt 200 && ip neigh show 10.20.0.11 | grep -q PERMANENT',
  expect: {
    subjects: ["tap/web-01/52:54:00:5b:00:01"],
    impacts: [],
    mayImpact: ["web-01"],
    alsoAllowed: ["arp-incomplete", "fdb-static-wrong"],
  },
  async heal(lab) {
    await lab.hv("pkill -x ping; bridge fdb del 52:54:00:5b:00:01 dev vnet0 master; ip neigh del 10.20.0.11 dev br0");
    await lab.guest("web-01", "ip link set eth0 up; ip route replace default via 10.20.0.1");
  },
});
