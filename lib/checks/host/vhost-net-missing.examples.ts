import type { CheckExamples } from "../define";
import { healthySupport, withHost } from "../host-examples";
import { bondHost, edit, factsOf, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "the device is gone",
      expect: "warn",
      facts: edit(virtio(["/dev/net/tun"]), "virt-support", () => ({
        ...healthySupport,
        modules: ["tun"],
        files: healthySupport.files.filter((file) => file.path !== "/dev/vhost-net"),
      })),
      subject: "host/self",
    },
    {
      name: "a guest started before the module was there",
      expect: "warn",
      facts: virtio(["/dev/kvm", "/dev/net/tun"]),
      subject: "vm/web-01",
    },
  ],
  good: [
    { name: "in use", expect: "pass", facts: virtio(["/dev/kvm", "/dev/vhost-net"]), subject: "vm/web-01" },
    { name: "device there", expect: "pass", facts: virtio(["/dev/vhost-net"]), subject: "host/self" },
    {
      name: "an emulated guest cannot use it",
      expect: "not-applicable",
      facts: edit(virtio(["/dev/net/tun"]), "qemu-proc", (all) => all.map((one) => ({ ...one, accel: "tcg" }))),
      subject: "vm/web-01",
    },
    {
      name: "no virtio NIC",
      expect: "not-applicable",
      facts: edit(virtio(["/dev/net/tun"]), "qemu-proc", (all) =>
        all.map((one) => ({ ...one, nics: one.nics.map((nic) => ({ ...nic, model: "e1000" })) })),
      ),
      subject: "host/self",
    },
    {
      name: "descriptors of the process not readable",
      expect: "not-applicable",
      facts: virtio(undefined),
      subject: "vm/web-01",
    },
  ],
  unknown: [
    {
      name: "not read",
      expect: "unknown",
      facts: unread(virtio(["/dev/kvm"]), "virt-support"),
      subject: "host/self",
    },
  ],
};

function virtio(devices: string[] | undefined) {
  return {
    ...withHost(bondHost()),
    ...factsOf({
      "qemu-proc": [
        {
          pid: 862,
          emulator: "/usr/bin/qemu-system-x86_64",
          name: "web-01",
          uuid: "5b000000-0000-4000-8000-000000000001",
          accel: "kvm",
          libvirt: true,
          nics: [{ id: "net0", model: "virtio-net-pci", mac: "52:54:00:5b:00:01", backend: "tap", fds: ["32"] }],
          taps: [{ fd: 32, ifname: "vnet0" }],
          devices,
        },
      ],
    }),
  };
}
