import { setBridge, setPort } from "../bridge-examples";
import type { CheckExamples } from "../define";
import { bondHost, factsOf, natHost, plainHost, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    { name: "a guest's port gets no flooded multicast", expect: "warn", facts: mute(), subject: "bridge/br0" },
    {
      name: "nor does the uplink",
      expect: "warn",
      facts: setPort(mute(), "bond0", { mcast_flood: false }),
      subject: "bridge/br0",
    },
  ],
  good: [
    {
      name: "no querier and all is flooded: as almost every bridge",
      expect: "pass",
      facts: setPort(mute(), "vnet0", { mcast_flood: true }),
      subject: "bridge/br0",
    },
    {
      name: "the bridge asks by itself",
      expect: "pass",
      facts: setBridge(mute(), "br0", { mcast_querier: 1 }),
      subject: "bridge/br0",
    },
    {
      name: "a router was heard",
      expect: "pass",
      facts: {
        ...mute(),
        ...factsOf({ "bridge-mdb": { entries: [], routers: [{ bridge: "br0", port: "bond0" }] } }),
      },
      subject: "bridge/br0",
    },
    {
      name: "snooping off",
      expect: "not-applicable",
      facts: setBridge(mute(), "br0", { mcast_snooping: 0 }),
      subject: "bridge/br0",
    },
    {
      name: "libvirt's NAT network",
      expect: "pass",
      facts: setBridge(natHost(), "virbr0", { mcast_snooping: 1 }),
      subject: "bridge/virbr0",
    },
    {
      name: "idle docker0",
      expect: "not-applicable",
      facts: setBridge(plainHost(), "docker0", { mcast_snooping: 1 }),
      subject: "bridge/docker0",
    },
  ],
  unknown: [
    {
      name: "multicast table not read",
      expect: "unknown",
      facts: unread(mute(), "bridge-mdb"),
      subject: "bridge/br0",
    },
  ],
};

function mute() {
  return {
    ...setPort(setBridge(bondHost(), "br0", { mcast_snooping: 1, mcast_querier: 0 }), "vnet0", { mcast_flood: false }),
    ...factsOf({ "bridge-mdb": { entries: [], routers: [] } }),
  };
}
