import type { CheckExamples } from "../define";
import { failed, healthyUnits, stopped, unit, withHost } from "../host-examples";
import { bondHost, edit, factsOf, plainHost, unread } from "../testing";
import type { Unit } from "./libvirt-down";

export const examples: CheckExamples = {
  bad: [
    {
      name: "the daemon failed",
      expect: "fail",
      facts: units(unit("libvirtd.service", { ...failed }), unit("libvirtd.socket", { ...failed })),
      subject: "host/self",
    },
    {
      name: "stopped together with its sockets, though enabled",
      expect: "fail",
      facts: units(unit("libvirtd.service", { ...stopped }), unit("libvirtd.socket", { ...stopped })),
      subject: "host/self",
    },
    {
      name: "disabled, yet guests of libvirt run",
      expect: "fail",
      facts: {
        ...units(unit("libvirtd.service", { ...stopped, unitFileState: "disabled" })),
        ...factsOf({
          "qemu-proc": [{ pid: 1, emulator: "/usr/bin/qemu-system-x86_64", name: "web-01", libvirt: true, nics: [] }],
        }),
      },
      subject: "host/self",
    },
    {
      name: "the modular daemon failed",
      expect: "fail",
      facts: units(unit("virtqemud.service", { ...failed }), unit("virtqemud.socket", { ...stopped })),
      subject: "host/self",
    },
  ],
  good: [
    { name: "runs", expect: "pass", facts: withHost(bondHost()), subject: "host/self" },
    {
      name: "ended by itself, its socket listens",
      expect: "pass",
      facts: units(unit("libvirtd.service", { ...stopped }), unit("libvirtd.socket", { subState: "listening" })),
      subject: "host/self",
    },
    {
      name: "modular daemons, the old one masked",
      expect: "pass",
      facts: units(
        unit("libvirtd.service", { ...stopped, loadState: "masked", unitFileState: "masked" }),
        unit("virtqemud.service", { ...stopped }),
        unit("virtqemud.socket", { subState: "listening" }),
      ),
      subject: "host/self",
    },
    {
      name: "switched off by choice, no guests",
      expect: "not-applicable",
      facts: units(
        unit("libvirtd.service", { ...stopped, unitFileState: "disabled" }),
        unit("libvirtd.socket", { ...stopped, unitFileState: "disabled" }),
      ),
      subject: "host/self",
    },
    {
      name: "no libvirt at all",
      expect: "not-applicable",
      facts: { ...plainHost(), ...factsOf({ units: [unit("networking.service", { subState: "exited" })] }) },
      subject: "host/self",
    },
  ],
  unknown: [
    { name: "units not read", expect: "unknown", facts: unread(withHost(bondHost()), "units"), subject: "host/self" },
  ],
};

function units(...all: readonly Unit[]) {
  return edit(withHost(bondHost()), "units", () => [
    ...healthyUnits.filter((one) => !one.id.startsWith("libvirt")),
    ...all,
  ]);
}
