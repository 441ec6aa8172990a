import type { CheckExamples } from "../define";
import { bondHost, edit, unread } from "../testing";

export const examples: CheckExamples = {
  bad: (["00:00:00:00:00:00", "01:00:5e:00:00:01", "ff:ff:ff:ff:ff:ff", "53:54:00:00:00:01"] as const).map((mac) => ({
    name: mac,
    expect: "fail" as const,
    facts: withMac(mac),
    subject: `vnic/web-01/${mac}`,
  })),
  good: [
    { name: "QEMU's range", expect: "pass", facts: bondHost(), subject: "vnic/web-01/52:54:00:5b:00:01" },
    {
      name: "a vendor's address",
      expect: "pass",
      facts: withMac("00:16:3e:11:22:33"),
      subject: "vnic/web-01/00:16:3e:11:22:33",
    },
  ],
  unknown: [
    {
      name: "started since the definitions were read last",
      expect: "unknown",
      facts: edit(bondHost(), "libvirt-domains", () => []),
      subject: "vnic/web-01/net0",
    },
    {
      name: "libvirt did not answer",
      expect: "unknown",
      facts: unread(unread(bondHost(), "libvirt-domains"), "libvirt-state"),
      subject: "host/self",
    },
  ],
};

function withMac(mac: string) {
  return edit(bondHost(), "libvirt-domains", ([first, ...rest]) =>
    first ? [{ ...first, interfaces: first.interfaces.map((nic) => ({ ...nic, mac })) }, ...rest] : undefined,
  );
}
