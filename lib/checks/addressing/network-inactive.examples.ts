import type { CheckExamples } from "../define";
import { bondHost, edit, natHost, plainHost, unread } from "../testing";
import type { Network } from "./network-inactive";

export const examples: CheckExamples = {
  bad: [
    {
      name: "stopped under its guests",
      expect: "fail",
      facts: network(natHost(), { active: false }),
      subject: "host/self",
    },
    {
      name: "should start with the host, nobody on it",
      expect: "warn",
      facts: network(bondHost(), { active: false }),
      subject: "host/self",
    },
    {
      name: "runs, and will not after the next boot",
      expect: "warn",
      facts: network(natHost(), { autostart: false }),
      subject: "host/self",
    },
  ],
  good: [
    { name: "runs", expect: "pass", facts: natHost(), subject: "host/self" },
    {
      name: "off by choice",
      expect: "pass",
      facts: network(bondHost(), { active: false, autostart: false }),
      subject: "host/self",
    },
    {
      name: "started by hand, nobody on it",
      expect: "pass",
      facts: network(bondHost(), { autostart: false }),
      subject: "host/self",
    },
    { name: "no libvirt", expect: "not-applicable", facts: plainHost(), subject: "host/self" },
  ],
  unknown: [
    {
      name: "networks not read",
      expect: "unknown",
      facts: unread(natHost(), "libvirt-networks"),
      subject: "host/self",
    },
  ],
};

function network(facts: ReturnType<typeof natHost>, change: Partial<Network>) {
  return edit(facts, "libvirt-networks", (all) => all.map((one) => ({ ...one, ...change })));
}
