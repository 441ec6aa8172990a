import type { FactOf } from "../../probes/registry";
import type { CheckExamples } from "../define";
import { bondHost, edit, factsOf, natHost, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [{ name: "dnsmasq was killed", expect: "fail", facts: listening([]), subject: "bridge/virbr0" }],
  good: [
    {
      name: "dnsmasq on the bridge",
      expect: "pass",
      facts: listening([on("0.0.0.0", "virbr0")]),
      subject: "bridge/virbr0",
    },
    {
      name: "a server of all interfaces",
      expect: "pass",
      facts: listening([on("0.0.0.0")]),
      subject: "bridge/virbr0",
    },
    {
      name: "a network without DHCP",
      expect: "not-applicable",
      facts: edit(listening([]), "libvirt-networks", (all) =>
        all.map((one) => ({ ...one, ips: one.ips.map((ip) => ({ ...ip, ranges: [] })) })),
      ),
      subject: "bridge/virbr0",
    },
    {
      name: "the network is not running",
      expect: "not-applicable",
      facts: edit(listening([]), "libvirt-networks", (all) => all.map((one) => ({ ...one, active: false }))),
      subject: "bridge/virbr0",
    },
    { name: "a bridge of the LAN", expect: "not-applicable", facts: bondHost(), subject: "bridge/br0" },
  ],
  unknown: [
    { name: "sockets not read", expect: "unknown", facts: unread(natHost(), "sockets"), subject: "bridge/virbr0" },
  ],
};

function on(address: string, ifname?: string): FactOf<"sockets">[number] {
  return { protocol: "udp", address, ifname, port: 67 };
}

function listening(sockets: FactOf<"sockets">) {
  return { ...natHost(), ...factsOf({ sockets: [...sockets, { protocol: "tcp", address: "::", port: 22 }] }) };
}
