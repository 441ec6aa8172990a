import type { CheckExamples } from "../define";
import { healthySupport, logLine, withHost } from "../host-examples";
import { bondHost, edit, plainHost, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "module not loaded: guests of type kvm cannot start",
      expect: "fail",
      facts: edit(withHost(bondHost()), "virt-support", () => ({ ...healthySupport, modules: ["tun"], files: [] })),
      subject: "host/self",
    },
    {
      name: "switched off in firmware, all guests emulated",
      expect: "warn",
      facts: edit(
        edit(emulated(), "virt-support", () => ({ ...healthySupport, cpuFlag: undefined, files: [] })),
        "kernel-log",
        (all) => [...all, logLine(3.2, "kvm: disabled by bios", 3)],
      ),
      subject: "host/self",
    },
    { name: "a guest of type qemu", expect: "warn", facts: emulated(), subject: "vm/web-01" },
  ],
  good: [
    { name: "device and guests use it", expect: "pass", facts: withHost(bondHost()), subject: "host/self" },
    { name: "a guest of type kvm", expect: "pass", facts: withHost(bondHost()), subject: "vm/web-01" },
    {
      name: "a guest of another architecture",
      expect: "not-applicable",
      facts: edit(emulated(), "libvirt-domains", (all) => all.map((one) => ({ ...one, arch: "aarch64" }))),
      subject: "vm/web-01",
    },
    {
      name: "a machine without guests",
      expect: "not-applicable",
      facts: edit(withHost(plainHost()), "virt-support", () => ({ ...healthySupport, files: [] })),
      subject: "host/self",
    },
  ],
  unknown: [
    {
      name: "not read",
      expect: "unknown",
      facts: unread(withHost(bondHost()), "virt-support"),
      subject: "host/self",
    },
  ],
};

function emulated() {
  return edit(withHost(bondHost()), "libvirt-domains", (all) => all.map((one) => ({ ...one, type: "qemu" })));
}
