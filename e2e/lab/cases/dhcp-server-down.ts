import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "dhcp-server-down",
  check: "dhcp-server-down",
  base: "nat",
  story: "libvirt's dnsmasq was killed",
  async inject(lab) {
    await lab.hv("kill $(cat /run/libvirt/network/default.pid)");
    await lab.waitHv("nobody listens", "! ss -Hlnu sport = :67 | grep -q virbr0");
  },
  shows: "! ss -Hlnu sport = :67 | grep -q virbr0",
  expect: {
    subjects: ["bridge/virbr0"],
    impacts: [],
    mayImpact: ["web-01", "web-02"],
    alsoAllowed: ["guest-no-address"],
  },
  async heal(lab) {
    await lab.hv(
      "VIR_BRIDGE_NAME=virbr0 /usr/sbin/dnsmasq --conf-file=/var/lib/libvirt/dnsmasq/default.conf --leasefile-ro --dhcp-script=/usr/lib/libvirt/libvirt_leaseshelper",
    );
  },
});
