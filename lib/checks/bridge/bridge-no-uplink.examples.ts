import type { CheckExamples } from "../define";
import {
  addLinks,
  bondHost,
  bridge,
  edit,
  enslaved,
  factsOf,
  link,
  natHost,
  plainHost,
  setLink,
  unread,
} from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "the bond was taken off",
      expect: "fail",
      facts: setLink(bondHost(), "bond0", { master: undefined }),
      subject: "bridge/br0",
    },
    {
      name: "without an address, and its file gives it a port",
      expect: "fail",
      facts: {
        ...isolated(),
        ...factsOf({
          "net-config": [
            {
              path: "/etc/network/interfaces",
              kind: "ifupdown",
              lines: ["auto vmbr1", "iface vmbr1 inet manual", "  bridge-ports bond0.40"],
            },
          ],
        }),
      },
      subject: "bridge/vmbr1",
    },
  ],
  good: [
    {
      name: "guests among themselves: made without a port and without an address",
      expect: "not-applicable",
      facts: isolated(),
      subject: "bridge/vmbr1",
    },
    { name: "bond as uplink", expect: "pass", facts: bondHost(), subject: "bridge/br0" },
    { name: "libvirt's NAT network", expect: "not-applicable", facts: natHost(), subject: "bridge/virbr0" },
    { name: "idle virbr0", expect: "not-applicable", facts: bondHost(), subject: "bridge/virbr0" },
    { name: "idle docker0", expect: "not-applicable", facts: plainHost(), subject: "bridge/docker0" },
    {
      name: "docker0 with a container",
      expect: "not-applicable",
      facts: addLinks(
        plainHost(),
        enslaved(
          link(21, "veth1a2b3c4", { link_index: 2, link_netnsid: 0, linkinfo: { info_kind: "veth" } }),
          "docker0",
        ),
      ),
      subject: "bridge/docker0",
    },
    {
      name: "an isolated libvirt network",
      expect: "not-applicable",
      facts: edit(natHost(), "libvirt-networks", (all) => all.map((network) => ({ ...network, forward: undefined }))),
      subject: "bridge/virbr0",
    },
    {
      name: "a pair whose two ends are the host's own: nobody's guest",
      expect: "not-applicable",
      facts: addLinks(
        bondHost(),
        bridge(30, "br1"),
        enslaved(link(31, "a1", { link: "a0", linkinfo: { info_kind: "veth" } }), "br1"),
        link(32, "a0", { link: "a1", linkinfo: { info_kind: "veth" } }),
      ),
      subject: "bridge/br1",
    },
    {
      name: "behind a veth pair to a bridge that has an uplink",
      expect: "pass",
      facts: setLink(
        addLinks(
          bondHost(),
          bridge(30, "br1"),
          enslaved(link(31, "a1", { link: "a0", linkinfo: { info_kind: "veth" } }), "br1"),
          enslaved(link(32, "a0", { link: "a1", linkinfo: { info_kind: "veth" } }), "br0"),
        ),
        "vnet0",
        { master: "br1" },
      ),
      subject: "bridge/br1",
    },
  ],
  unknown: [
    {
      name: "libvirt's networks not read",
      expect: "unknown",
      facts: unread(natHost(), "libvirt-networks"),
      subject: "bridge/virbr0",
    },
  ],
};

/** A second bridge by hand, as Proxmox makes it: both guests are on it. */
function isolated() {
  const moved = ["vnet0", "vnet1"].reduce(
    (facts, tap) => setLink(facts, tap, { master: "vmbr1" }),
    addLinks(bondHost(), bridge(30, "vmbr1")),
  );
  return edit(moved, "libvirt-domains", (all) =>
    all.map((one) => ({
      ...one,
      interfaces: one.interfaces.map((nic) => ({ ...nic, source: { bridge: "vmbr1" } })),
    })),
  );
}
