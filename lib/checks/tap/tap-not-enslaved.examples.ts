import type { CheckExamples } from "../define";
import { addLinks, bondHost, edit, factsOf, natHost, plainHost, setLink, tap, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "taken off its bridge",
      expect: "fail",
      facts: setLink(bondHost(), "vnet0", { master: undefined }),
      subject: "tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "off the bridge of a NAT network",
      expect: "fail",
      facts: setLink(natHost(), "vnet0", { master: undefined }),
      subject: "tap/nat-1/52:54:00:5b:00:01",
    },
    {
      name: "of a QEMU started by hand, where libvirt is there and stopped",
      expect: "fail",
      facts: byHand(undefined),
      subject: "tap/web-01/52:54:00:5b:00:01",
    },
  ],
  good: [
    {
      name: "of a QEMU started by hand, on its bridge",
      expect: "pass",
      facts: byHand("br0"),
      subject: "tap/web-01/52:54:00:5b:00:01",
    },
    { name: "on its bridge", expect: "pass", facts: bondHost(), subject: "tap/web-01/52:54:00:5b:00:01" },
    {
      name: "a TAP without a guest (VPN, leftover)",
      expect: "not-applicable",
      facts: addLinks(plainHost(), tap(20, "tap0", "52:54:00:00:00:20")),
      subject: "tap/tap0",
    },
    {
      name: "a TAP that its maker routes (type ethernet)",
      expect: "not-applicable",
      facts: edit(setLink(bondHost(), "vnet0", { master: undefined }), "libvirt-domains", (domains) =>
        domains.map((domain) => ({
          ...domain,
          interfaces: domain.interfaces.map((nic) => ({ ...nic, type: "ethernet", source: {} })),
        })),
      ),
      subject: "tap/web-01/52:54:00:5b:00:01",
    },
  ],
  unknown: [
    {
      name: "libvirt did not answer",
      expect: "unknown",
      facts: unread(setLink(bondHost(), "vnet0", { master: undefined }), "libvirt-domains"),
      subject: "tap/web-01/net0",
    },
  ],
};

/** A guest without libvirt, whose TAP is a port of `master`; virsh is there and reaches nobody. */
function byHand(master: string | undefined) {
  const nic = {
    id: "net0",
    model: "virtio-net-pci",
    mac: "52:54:00:5b:00:01",
    netdev: "net0",
    backend: "tap",
    fds: [],
  };
  const guest = { pid: 900, emulator: "qemu-system-x86_64", name: "web-01", libvirt: false };
  const stopped = { ok: false, why: "failed", detail: "virsh: failed to connect to the hypervisor", at: 0 } as const;
  return {
    ...setLink(addLinks(plainHost(), tap(20, "tap0", "fe:54:00:5b:00:01")), "tap0", { master }),
    ...factsOf({ "qemu-proc": [{ ...guest, nics: [{ ...nic, ifname: "tap0" }] }] }),
    "libvirt-domains": stopped,
    "libvirt-state": stopped,
  };
}
