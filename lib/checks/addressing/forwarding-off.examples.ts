import type { CheckExamples } from "../define";
import { healthySysctl, withHost } from "../host-examples";
import { bondHost, edit, natHost, plainHost, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "switched off under a NAT network",
      expect: "fail",
      facts: forwarding(natHost(), 0),
      subject: "host/self",
    },
  ],
  good: [
    { name: "on", expect: "pass", facts: forwarding(natHost(), 1), subject: "host/self" },
    {
      name: "a host without libvirt",
      expect: "not-applicable",
      facts: forwarding(plainHost(), 0),
      subject: "host/self",
    },
    {
      name: "only an isolated network",
      expect: "not-applicable",
      facts: edit(forwarding(natHost(), 0), "libvirt-networks", (all) =>
        all.map((one) => ({ ...one, forward: undefined })),
      ),
      subject: "host/self",
    },
    {
      name: "the NAT network is not running",
      expect: "not-applicable",
      facts: edit(forwarding(bondHost(), 0), "libvirt-networks", (all) =>
        all.map((one) => ({ ...one, active: false })),
      ),
      subject: "host/self",
    },
  ],
  unknown: [
    {
      name: "settings not read",
      expect: "unknown",
      facts: unread(withHost(natHost()), "sysctl"),
      subject: "host/self",
    },
  ],
};

function forwarding(facts: ReturnType<typeof natHost>, value: number) {
  return edit(withHost(facts), "sysctl", () => ({
    ...healthySysctl,
    values: { ...healthySysctl.values, "net.ipv4.ip_forward": value },
  }));
}
