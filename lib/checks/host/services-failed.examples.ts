import type { CheckExamples } from "../define";
import { failed, healthyUnits, stopped, unit, withHost } from "../host-examples";
import { bondHost, edit, unread } from "../testing";
import type { Unit } from "./services-failed";

export const examples: CheckExamples = {
  bad: [
    {
      name: "dnsmasq failed",
      expect: "warn",
      facts: units(unit("dnsmasq.service", { ...failed })),
      subject: "host/self",
    },
    {
      name: "the clock's service is started over and over",
      expect: "warn",
      facts: units(
        unit("chrony.service", {
          activeState: "activating",
          subState: "auto-restart",
          result: "exit-code",
          restarts: 9,
        }),
      ),
      subject: "host/self",
    },
  ],
  good: [
    { name: "all well", expect: "pass", facts: withHost(bondHost()), subject: "host/self" },
    {
      name: "installed and stopped by choice",
      expect: "pass",
      facts: units(unit("NetworkManager.service", { ...stopped, unitFileState: "disabled" })),
      subject: "host/self",
    },
    {
      name: "just starting",
      expect: "pass",
      facts: units(unit("systemd-networkd.service", { activeState: "activating", subState: "start" })),
      subject: "host/self",
    },
    {
      name: "masked",
      expect: "pass",
      facts: units(unit("systemd-networkd.service", { ...failed, loadState: "masked" })),
      subject: "host/self",
    },
    {
      name: "libvirt's daemon has a check of its own",
      expect: "pass",
      facts: units(unit("libvirtd.service", { ...failed })),
      subject: "host/self",
    },
  ],
  unknown: [
    { name: "not read", expect: "unknown", facts: unread(withHost(bondHost()), "units"), subject: "host/self" },
  ],
};

function units(...more: readonly Unit[]) {
  return edit(withHost(bondHost()), "units", () => [
    ...healthyUnits.filter((one) => !more.some((other) => other.id === one.id)),
    ...more,
  ]);
}
