import type { Facts } from "../../facts/facts";
import type { CheckExamples } from "../define";
import { addLinks, bondHost, edit, factsOf, link, macOf, setLink, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    { name: "a macvtap guest on Wi-Fi", expect: "fail", facts: wifi({}), subject: "nic/mgmt0" },
    {
      name: "both guests ask for the host's gateway, and no reply comes",
      expect: "fail",
      facts: arp([ask(1, 4), ask(2, 3)], []),
      subject: "bond/bond0",
    },
    {
      name: "a limit of MACs: one guest is let through, the next is not",
      expect: "fail",
      facts: arp([ask(1, 4), ask(2, 3)], [macOf(1)]),
      subject: "bond/bond0",
    },
  ],
  good: [
    {
      name: "guests ask and are answered",
      expect: "pass",
      facts: arp([ask(1, 1), ask(2, 1)], [macOf(1), macOf(2)]),
      subject: "bond/bond0",
    },
    { name: "nobody asks", expect: "not-applicable", facts: arp([], []), subject: "bond/bond0" },
    {
      name: "asked once, and the reply may still come",
      expect: "not-applicable",
      facts: arp([ask(1, 1)], []),
      subject: "bond/bond0",
    },
    {
      name: "it asks for a gateway of its own that is not there",
      expect: "not-applicable",
      facts: arp([{ ...ask(1, 4), target: "10.20.0.254" }], []),
      subject: "bond/bond0",
    },
    {
      name: "it asks from another subnet, which the gateway may ignore",
      expect: "not-applicable",
      facts: arp([{ ...ask(1, 4), sender: "172.16.0.9" }], []),
      subject: "bond/bond0",
    },
    {
      name: "the gateway does not answer the host either",
      expect: "not-applicable",
      facts: arp([ask(1, 4)], [], 0),
      subject: "bond/bond0",
    },
    {
      name: "a MAC that is no guest of ours: a container or a nested guest with an address of its own",
      expect: "not-applicable",
      facts: arp([ask(9, 4)], []),
      subject: "bond/bond0",
    },
    {
      name: "the guest has the card's own address",
      expect: "pass",
      facts: setLink(wifi({}), "mgmt0", { address: macOf(1) }),
      subject: "nic/mgmt0",
    },
    {
      name: "a macvtap guest on a wired NIC",
      expect: "not-applicable",
      facts: wifi({ wireless: false }),
      subject: "nic/mgmt0",
    },
    {
      name: "Wi-Fi that only the host uses",
      expect: "not-applicable",
      facts: { ...bondHost(), ...factsOf({ "sysfs-net": [{ ifname: "mgmt0", ifindex: 2, wireless: true }] }) },
      subject: "nic/mgmt0",
    },
  ],
  unknown: [
    {
      name: "no tcpdump",
      expect: "unknown",
      facts: unread(arp([], []), "uplink-arp", "absent", ""),
      subject: "bond/bond0",
    },
    {
      name: "nothing could be captured",
      expect: "unknown",
      facts: edit(arp([], []), "uplink-arp", (all) => all.map((one) => ({ ...one, heard: false }))),
      subject: "bond/bond0",
    },
    { name: "sysfs not read", expect: "unknown", facts: unread(wifi({}), "sysfs-net"), subject: "nic/mgmt0" },
  ],
};

function ask(guest: number, times: number) {
  return {
    mac: macOf(guest),
    sender: `10.20.0.1${guest}`,
    target: "10.20.0.1",
    times,
  };
}

function arp(asks: readonly ReturnType<typeof ask>[], answered: readonly string[], received = 4): Facts {
  return {
    ...bondHost(),
    ...factsOf({
      "sysfs-net": [],
      "uplink-arp": [
        {
          dev: "bond0",
          heard: true,
          asks: [...asks],
          replies: answered.map((to) => ({ address: "10.20.0.1", to })),
        },
      ],
      "gateway-ping": [{ address: "10.20.0.1", dev: "br0", small: { sent: 4, received } }],
    }),
  };
}

function wifi({ wireless = true }: { wireless?: boolean }): Facts {
  const direct = edit(bondHost(), "libvirt-domains", ([first, ...rest]) =>
    first
      ? [
          {
            ...first,
            interfaces: first.interfaces.map((nic) => ({
              ...nic,
              type: "direct",
              source: { dev: "mgmt0", mode: "bridge" },
              target: "macvtap0",
            })),
          },
          ...rest,
        ]
      : undefined,
  );
  const facts = edit(direct, "libvirt-state", ([first, ...rest]) =>
    first ? [{ ...first, interfaces: [{ name: "macvtap0" }] }, ...rest] : undefined,
  );
  return {
    ...addLinks(
      facts,
      link(40, "macvtap0", {
        address: macOf(1),
        link: "mgmt0",
        linkinfo: { info_kind: "macvtap", info_data: { mode: "bridge" } },
      }),
    ),
    ...factsOf({ "sysfs-net": [{ ifname: "mgmt0", ifindex: 2, wireless }] }),
  };
}
