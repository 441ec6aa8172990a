import type { CheckExamples } from "../define";
import { bondHost, edit, natHost, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    { name: "no address left", expect: "fail", facts: leased(10, 10), subject: "bridge/virbr0" },
    { name: "nearly none", expect: "warn", facts: leased(60, 58), subject: "bridge/virbr0" },
  ],
  good: [
    { name: "plenty", expect: "pass", facts: leased(200, 2), subject: "bridge/virbr0" },
    { name: "a small range, one address left", expect: "pass", facts: leased(3, 2), subject: "bridge/virbr0" },
    {
      name: "reserved as a whole",
      expect: "not-applicable",
      facts: edit(leased(2, 2), "libvirt-networks", (all) =>
        all.map((one) => ({
          ...one,
          ips: one.ips.map((ip) => ({
            ...ip,
            hosts: [10, 11].map((at) => ({ mac: `52:54:00:00:00:${at}`, ip: `192.168.122.${at}` })),
          })),
        })),
      ),
      subject: "bridge/virbr0",
    },
    {
      name: "libvirt does not know the leases",
      expect: "not-applicable",
      facts: edit(leased(2, 2), "libvirt-networks", (all) => all.map((one) => ({ ...one, leases: undefined }))),
      subject: "bridge/virbr0",
    },
    { name: "a bridge of the LAN", expect: "not-applicable", facts: bondHost(), subject: "bridge/br0" },
  ],
  unknown: [
    {
      name: "networks not read",
      expect: "unknown",
      facts: unread(natHost(), "libvirt-networks"),
      subject: "bridge/virbr0",
    },
  ],
};

function leased(size: number, leases: number) {
  return edit(natHost(), "libvirt-networks", (all) =>
    all.map((one) => ({
      ...one,
      ips: one.ips.map((ip) => ({ ...ip, ranges: [{ start: "192.168.122.10", end: `192.168.122.${9 + size}` }] })),
      leases: Array.from({ length: leases }, (_, at) => ({
        expiry: "2026-01-05 10:12:00",
        mac: `52:54:00:00:01:${at.toString(16).padStart(2, "0")}`,
        protocol: "ipv4" as const,
        address: `192.168.122.${10 + at}`,
        prefix: 24,
      })),
    })),
  );
}
