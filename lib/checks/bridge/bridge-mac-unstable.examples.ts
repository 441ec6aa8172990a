import type { Facts } from "../../facts/facts";
import type { CheckExamples } from "../define";
import { addLinks, bondHost, enslaved, factsOf, natHost, plainHost, setLink, tap, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "a TAP with a low address took over",
      expect: "warn",
      facts: assigned(1, taken()),
      subject: "bridge/br0",
    },
  ],
  good: [
    { name: "the uplink's address", expect: "pass", facts: assigned(1, bondHost()), subject: "bridge/br0" },
    { name: "a chosen address", expect: "pass", facts: assigned(3, taken()), subject: "bridge/br0" },
    {
      name: "a random address of its own (systemd)",
      expect: "pass",
      facts: assigned(1, setLink(bondHost(), "br0", { address: "6e:67:10:6d:82:1f" })),
      subject: "bridge/br0",
    },
    {
      name: "NAT: nobody outside knows its MAC",
      expect: "not-applicable",
      facts: assigned(1, natHost()),
      subject: "bridge/virbr0",
    },
    { name: "idle docker0", expect: "not-applicable", facts: assigned(1, plainHost()), subject: "bridge/docker0" },
  ],
  unknown: [
    {
      name: "sysfs not read",
      expect: "unknown",
      facts: unread(assigned(1, taken()), "sysfs-net"),
      subject: "bridge/br0",
    },
  ],
};

/** Each bridge's address came about in this way; see addr_assign_type. */
function assigned(type: number, facts: Facts): Facts {
  const links = facts["ip-link"]?.ok ? facts["ip-link"].value : [];
  return {
    ...facts,
    ...factsOf({
      "sysfs-net": links.map(({ ifname, ifindex, parentdev }) => ({
        ifname,
        ifindex,
        addr_assign_type: ifname.includes("br") || ifname.startsWith("docker") ? type : 0,
        wireless: false,
        ...(parentdev === undefined ? {} : { device: `/sys/devices/${parentdev}` }),
      })),
    }),
  };
}

function taken(): Facts {
  const low = "02:00:00:00:00:01";
  return addLinks(
    setLink(bondHost(), "br0", { address: low }),
    enslaved(tap(30, "tap9", "02:00:00:00:00:01", { address: low }), "br0"),
  );
}
