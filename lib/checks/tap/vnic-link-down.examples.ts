import type { CheckExamples } from "../define";
import { addLinks, bondHost, edit, factsOf, noCarrier, plainHost, tap as tapLink, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "pulled on a running guest",
      expect: "fail",
      facts: pulled(),
      subject: "vnic/web-01/52:54:00:5b:00:01",
    },
    {
      name: "the definition says up, the TAP has no carrier",
      expect: "fail",
      facts: noCarrier(bondHost(), "vnet0"),
      subject: "vnic/web-01/52:54:00:5b:00:01",
    },
    {
      name: "a guest without libvirt whose TAP has no carrier",
      expect: "fail",
      facts: plain({ flags: ["NO-CARRIER", "BROADCAST", "MULTICAST", "UP"], operstate: "DOWN" }),
      subject: "vnic/plain-01/52:54:00:5b:00:01",
    },
  ],
  good: [
    { name: "plugged in", expect: "pass", facts: bondHost(), subject: "vnic/web-01/52:54:00:5b:00:01" },
    {
      name: "the guest is off",
      expect: "not-applicable",
      facts: edit(pulled(), "libvirt-state", (all) =>
        all.map((one) => ({ ...one, state: "shut off" as const, interfaces: [] })),
      ),
      subject: "vnic/web-01/52:54:00:5b:00:01",
    },
    {
      name: "a guest without libvirt: its monitor is not asked",
      expect: "not-applicable",
      facts: plain({}),
      subject: "vnic/plain-01/52:54:00:5b:00:01",
    },
    {
      name: "a TAP that is set down has another name",
      expect: "pass",
      facts: edit(bondHost(), "ip-link", (all) =>
        all.map((one) => (one.ifname === "vnet0" ? { ...one, flags: ["BROADCAST", "MULTICAST"] } : one)),
      ),
      subject: "vnic/web-01/52:54:00:5b:00:01",
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

function pulled() {
  return edit(bondHost(), "libvirt-domains", ([first, ...rest]) =>
    first
      ? [{ ...first, interfaces: first.interfaces.map((nic) => ({ ...nic, link: "down" as const })) }, ...rest]
      : undefined,
  );
}

function plain(change: Parameters<typeof tapLink>[3]) {
  const mac = "52:54:00:5b:00:01";
  return {
    ...addLinks(plainHost(), tapLink(30, "tap0", mac, change)),
    ...factsOf({
      "qemu-proc": [
        {
          pid: 900,
          emulator: "qemu-system-x86_64",
          name: "plain-01",
          libvirt: false,
          nics: [{ id: "net0", model: "virtio-net-pci", mac, backend: "tap", ifname: "tap0", fds: [] }],
          taps: [{ fd: 9, ifname: "tap0" }],
        },
      ],
    }),
  };
}
