import type { CheckExamples } from "../define";
import { bondHost, factsOf, natHost, unread } from "../testing";
import type { Managers } from "./managers-conflict";

export const examples: CheckExamples = {
  bad: [
    {
      name: "ifupdown and systemd-networkd",
      expect: "warn",
      facts: managed({
        ifupdown: [{ iface: "br0", logical: "br0" }],
        networkd: [{ link: "br0", type: "bridge", operational: "routable", setup: "configured" }],
      }),
      subject: "bridge/br0",
    },
    {
      name: "NetworkManager took a member of ifupdown's bond",
      expect: "warn",
      facts: managed({
        ifupdown: [{ iface: "nic0", logical: "nic0" }],
        networkManager: [{ device: "nic0", type: "ethernet", state: "connected", connection: "Wired connection 1" }],
      }),
      subject: "nic/nic0",
    },
    {
      name: "networkd configures libvirt's own bridge",
      expect: "warn",
      facts: {
        ...natHost(),
        ...factsOf({
          managers: { networkd: [{ link: "virbr0", type: "bridge", operational: "routable", setup: "configured" }] },
        }),
      },
      subject: "bridge/virbr0",
    },
  ],
  good: [
    {
      name: "ifupdown alone",
      expect: "pass",
      facts: managed({
        ifupdown: [{ iface: "br0", logical: "br0" }],
        networkd: [{ link: "br0", type: "bridge", operational: "routable", setup: "unmanaged" }],
        networkManager: [{ device: "br0", type: "bridge", state: "unmanaged" }],
      }),
      subject: "bridge/br0",
    },
    {
      name: "NetworkManager only watches libvirt's bridge",
      expect: "pass",
      facts: {
        ...natHost(),
        ...factsOf({
          managers: {
            networkManager: [
              { device: "virbr0", type: "bridge", state: "connected (externally)", connection: "virbr0" },
            ],
          },
        }),
      },
      subject: "bridge/virbr0",
    },
    { name: "nobody's", expect: "not-applicable", facts: managed({}), subject: "bridge/br0" },
  ],
  unknown: [{ name: "not read", expect: "unknown", facts: unread(managed({}), "managers"), subject: "bridge/br0" }],
};

function managed(managers: Managers) {
  return { ...bondHost(), ...factsOf({ managers }) };
}
