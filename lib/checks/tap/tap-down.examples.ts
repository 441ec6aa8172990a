import type { CheckExamples } from "../define";
import { addLinks, adminDown, bondHost, edit, plainHost, tap, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "a running guest's TAP",
      expect: "fail",
      facts: adminDown(bondHost(), "vnet0"),
      subject: `tap/web-01/52:54:00:5b:00:01`,
    },
  ],
  good: [
    { name: "up", expect: "pass", facts: bondHost(), subject: "tap/web-01/52:54:00:5b:00:01" },
    {
      name: "a persistent TAP that nobody uses",
      expect: "not-applicable",
      facts: addLinks(
        plainHost(),
        tap(20, "tap0", "52:54:00:00:00:20", { flags: ["BROADCAST", "MULTICAST"], operstate: "DOWN" }),
      ),
      subject: "tap/tap0",
    },
    {
      name: "its guest stands still (suspended, or on its way here): libvirt sets a macvtap down until it goes on",
      expect: "not-applicable",
      facts: edit(adminDown(bondHost(), "vnet0"), "libvirt-state", (all) =>
        all.map((one) => ({ ...one, state: "paused" as const })),
      ),
      subject: "tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "the virtual cable is pulled on purpose",
      expect: "not-applicable",
      facts: edit(adminDown(bondHost(), "vnet0"), "libvirt-domains", (domains) =>
        domains.map((domain) => ({
          ...domain,
          interfaces: domain.interfaces.map((nic) => ({ ...nic, link: "down" as const })),
        })),
      ),
      subject: "tap/web-01/52:54:00:5b:00:01",
    },
  ],
  unknown: [
    {
      name: "libvirt did not answer: whose TAP it is, nobody knows",
      expect: "unknown",
      facts: unread(adminDown(bondHost(), "vnet0"), "libvirt-domains"),
      subject: "tap/web-01/net0",
    },
  ],
};
