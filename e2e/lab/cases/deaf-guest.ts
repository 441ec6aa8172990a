import { defineCase } from "../cases";
import { guests } from "../config";

const { mac } = guests["web-01"];
/** An address that only the host's table knows: frames to it go to the guest whatever becomes of its own. */
const decoy = "192.168.122.99";
/** This base started the guest anew: its TAP has the next free name. */
const tap = `$(virsh domiflist web-01 | awk '/${mac}/ { print $1 }')`;
const drops = `test "$(cat /sys/class/net/${tap}/statistics/tx_dropped)" -gt 200`;

export const labCase = defineCase({
  id: "deaf-guest",
  check: "tap-tx-drops",
  base: "nat",
  story:
    "web-01's driver stopped (its interface is set down inside): its TAP drops, and it does not answer when it is asked for",
  async inject(lab) {
    await lab.guest("web-01", "ip link set eth0 down");
    await lab.hv(
      `ip neigh replace ${decoy} lladdr ${mac} dev virbr0 nud permanent; bridge fdb replace ${mac} dev ${tap} master static; ip neigh flush to ${lab.addressOf("web-01")}`,
    );
    await lab.hv(
      `systemd-run -q --unit=flood timeout 120 ping -q -i 0.002 ${decoy}; systemd-run -q --unit=asks timeout 120 ping -q -i 1 ${lab.addressOf("web-01")}`,
    );
    await lab.waitHv("the TAP drops", drops, 40_000);
  },
  shows: `${drops} && ip neigh show ${decoy} | grep -q PERMANENT`,
  expect: {
    subjects: [`tap/web-01/${mac}`],
    impacts: [],
    mayImpact: ["web-01"],
    alsoAllowed: ["arp-incomplete", "fdb-static-wrong"],
  },
  async heal(lab) {
    await lab.hv(
      `systemctl stop flood asks || true; bridge fdb del ${mac} dev ${tap} master; ip neigh del ${decoy} dev virbr0`,
    );
    await lab.guest("web-01", "ip link set eth0 up; ip route replace default via 192.168.122.1");
  },
});
