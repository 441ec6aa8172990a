import type { FactOf } from "../../probes/registry";
import type { CheckExamples } from "../define";
import { bondHost, edit, factsOf, macOf, unread } from "../testing";
import type { Told } from "./address-duplicate";

export const examples: CheckExamples = {
  bad: [
    { name: "two guests answer", expect: "fail", facts: asked(false, [macOf(1), macOf(2)]), subject: guest(1) },
    {
      name: "a guest and somebody on the wire",
      expect: "fail",
      facts: asked(false, [macOf(1), "02:00:00:00:00:66"]),
      subject: guest(1),
    },
    {
      name: "a guest answers for the host's own address",
      expect: "fail",
      facts: asked(true, [macOf(1)], "10.20.0.10"),
      subject: "bridge/br0",
    },
    { name: "two agents tell the same address", expect: "fail", facts: told(asked(false, [])), subject: guest(1) },
    {
      name: "leased to one, set by hand in the other",
      expect: "fail",
      facts: told(notAsked(), "lease"),
      subject: guest(1),
    },
  ],
  good: [
    { name: "one answers", expect: "pass", facts: asked(false, [macOf(1)]), subject: guest(1) },
    {
      name: "nobody answers for the host's own",
      expect: "pass",
      facts: asked(true, [], "10.20.0.10"),
      subject: "bridge/br0",
    },
    {
      name: "our own interface answers",
      expect: "pass",
      facts: asked(true, ["52:54:00:4c:00:01"], "10.20.0.10"),
      subject: "bridge/br0",
    },
    {
      name: "told once: the second guest",
      expect: "not-applicable",
      facts: asked(false, [macOf(1), macOf(2)]),
      subject: guest(2),
    },
    {
      name: "a router that answers for everybody",
      expect: "pass",
      facts: {
        ...bondHost(3),
        ...factsOf({
          "arp-owners": [1, 2, 3].map((number) => ({
            dev: "br0",
            address: `10.20.0.1${number}`,
            own: false,
            macs: [macOf(number), "02:00:00:00:00:66"],
          })),
        }),
      },
      subject: guest(1),
    },
    {
      name: "nobody asked about it, and no address of it is known",
      expect: "not-applicable",
      facts: notAsked(),
      subject: guest(1),
    },
    {
      name: "asked about by its lease, and it alone answers",
      expect: "pass",
      facts: leased(asked(false, [macOf(1)])),
      subject: guest(1),
    },
    {
      name: "asked about by its lease, and nobody answers: it does not use it",
      expect: "not-applicable",
      facts: leased(asked(false, [])),
      subject: guest(1),
    },
    {
      name: "leased to one, and only the other, that tells it, answers",
      expect: "not-applicable",
      facts: told(asked(false, [macOf(2)]), "lease"),
      subject: guest(1),
    },
    {
      name: "leased to one whose agent tells another address now",
      expect: "not-applicable",
      facts: told(asked(false, []), "lease", "10.20.0.77"),
      subject: guest(2),
    },
    {
      name: "a machine elsewhere answers from two NICs",
      expect: "not-applicable",
      facts: asked(false, ["02:00:00:00:00:66", "02:00:00:00:00:67"]),
      subject: guest(1),
    },
    {
      name: "no arping on the host",
      expect: "not-applicable",
      facts: unread(bondHost(), "arp-owners", "absent", ""),
      subject: guest(1),
    },
  ],
  unknown: [
    {
      name: "nobody asked about the address that it is known by",
      expect: "unknown",
      facts: leased(notAsked()),
      subject: guest(1),
    },
    {
      name: "one of the host's addresses was asked about, the other not",
      expect: "unknown",
      facts: edit(asked(true, [], "10.20.0.10"), "ip-addr", (links) =>
        links.map((link) =>
          link.ifname === "br0"
            ? {
                ...link,
                addr_info: [
                  ...link.addr_info,
                  { family: "inet" as const, local: "10.20.0.12", prefixlen: 24, scope: "global" },
                ],
              }
            : link,
        ),
      ),
      subject: "bridge/br0",
    },
    {
      name: "may not ask",
      expect: "unknown",
      facts: unread(bondHost(), "arp-owners", "refused", ""),
      subject: guest(1),
    },
  ],
};

function guest(number: number): string {
  return `vnic/web-0${number}/${macOf(number)}`;
}

function asked(own: boolean, macs: readonly string[], address = "10.20.0.11") {
  return { ...bondHost(), ...factsOf({ "arp-owners": [{ dev: "br0", address, own, macs: [...macs] }] }) };
}

/** The host has asked about nothing. */
function notAsked() {
  return { ...bondHost(), ...factsOf({ "arp-owners": [] }) };
}

type Addresses = FactOf<"libvirt-ifaddr">["addresses"];

function telling(facts: ReturnType<typeof bondHost>, addresses: Addresses) {
  return { ...facts, ...factsOf({ "libvirt-ifaddr": { addresses, agents: [] } }) };
}

function tells(number: number, source: Told["source"], address = "10.20.0.11"): Addresses[number] {
  const ifname = source === "lease" ? `vnet${number - 1}` : "eth0";
  return { source, ifname, mac: macOf(number), family: "ipv4", address, prefix: 24 };
}

function leased(facts: ReturnType<typeof bondHost>) {
  return telling(facts, [tells(1, "lease")]);
}

/** web-01 is known by `first`, web-02 by its agent; `now`: what web-01's own agent tells beside a lease. */
function told(facts: ReturnType<typeof bondHost>, first: Told["source"] = "agent", now?: string) {
  return telling(facts, [tells(1, first), ...(now === undefined ? [] : [tells(1, "agent", now)]), tells(2, "agent")]);
}
