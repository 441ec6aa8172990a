import { defineCase } from "../cases";
import { hypervisor } from "../config";
import type { Lab } from "../lab";

export const labCase = defineCase({
  id: "foreign-mac-dropped",
  check: "foreign-mac-dropped",
  base: "bond",
  story:
    "the switch's ports are locked: only the host's own MAC may speak there (port security); the guests keep asking for the gateway; the owner lets Taproot listen",
  async inject(lab) {
    await lab.hv("mkdir -p /etc/taproot && touch /etc/taproot/listen-arp");
    const mac = (await lab.hv("cat /sys/class/net/br0/address")).trim();
    const bond = (await lab.hv("cat /sys/class/net/bond0/address")).trim();
    for (const { port } of hypervisor.nics) {
      await lab.switchNs(["bridge", "link", "set", "dev", port, "locked", "on", "learning", "off"]);
      await lab.switch.forgetMacs(port);
    }
    for (const own of new Set([mac, bond]))
      await lab.switchNs(["bridge", "fdb", "replace", own, "dev", await active(lab), "master", "static"]);
    for (const guest of ["web-01", "web-02"] as const)
      await lab.guest(guest, "ip neigh flush dev eth0; setsid ping -q -w 400 10.20.0.1 >/dev/null 2>&1 </dev/null &");
    await lab.waitHv("the host still reaches its gateway", "ping -q -c 1 -W 2 10.20.0.1");
  },
  shows:
    "seen() { timeout 20 tcpdump -p -n -c \"$1\" -i bond0 \"$2\" >/dev/null 2>&1; }; ping -q -c 1 -W 2 10.20.0.1 && seen 2 'arp[6:2] = 1 and ether src 52:54:00:5b:00:01' && ! timeout 5 tcpdump -p -n -c 1 -i bond0 'arp[6:2] = 2 and ether dst 52:54:00:5b:00:01'",
  expect: {
    subjects: ["bond/bond0"],
    impacts: ["web-01", "web-02"],
    alsoAllowed: ["arp-incomplete"],
  },
  async heal(lab) {
    for (const { port } of hypervisor.nics)
      await lab.switchNs(["bridge", "link", "set", "dev", port, "locked", "off", "learning", "on"]);
    await lab.switch.forgetMacs();
  },
});

/** The switch's end of the NIC that carries the bond now. */
async function active(lab: Lab): Promise<string> {
  const nic = (await lab.hv("cat /sys/class/net/bond0/bonding/active_slave")).trim();
  const port = hypervisor.nics.find(({ name }) => name === nic)?.port;
  if (port === undefined) throw new Error(`no port of the switch belongs to ${nic}`);
  return port;
}
