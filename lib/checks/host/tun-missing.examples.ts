import type { CheckExamples } from "../define";
import { healthySupport, withHost } from "../host-examples";
import { bondHost, edit, factsOf, plainHost, unread } from "../testing";
import { driver, type Process } from "./tun-missing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "the device node is gone",
      expect: "fail",
      facts: edit(withHost(bondHost()), "virt-support", (all) => ({
        ...all,
        files: all.files.filter((file) => file.path !== "/dev/net/tun"),
      })),
      subject: "host/self",
    },
    {
      name: "a plain file in its place",
      expect: "fail",
      facts: edit(withHost(bondHost()), "virt-support", (all) => ({
        ...all,
        files: all.files.map((file) => (file.path === "/dev/net/tun" ? { ...file, type: "regular file" } : file)),
      })),
      subject: "host/self",
    },
    {
      name: "a mode that lets nobody in",
      expect: "warn",
      facts: nodeMode("0"),
      subject: "host/self",
    },
    {
      name: "a guest of plain QEMU runs as a user whom the mode shuts out",
      expect: "fail",
      facts: { ...nodeMode("600"), ...factsOf({ "qemu-proc": [maker({ uid: 1000, gid: 1000, groups: [27] })] }) },
      subject: "host/self",
    },
    {
      name: "the module is not loaded, and the kernel's modules are gone since an update",
      expect: "fail",
      facts: edit(withHost(bondHost()), "virt-support", () => ({
        ...healthySupport,
        modules: ["kvm"],
        loadable: [],
      })),
      subject: "host/self",
    },
  ],
  good: [
    { name: "device there", expect: "pass", facts: withHost(bondHost()), subject: "host/self" },
    {
      name: "module not loaded yet, device there",
      expect: "pass",
      facts: edit(withHost(bondHost()), "virt-support", () => ({
        ...healthySupport,
        modules: ["kvm"],
        loadable: ["tun", "vhost_net"],
      })),
      subject: "host/self",
    },
    {
      name: "a kernel with everything built in, and no list of it",
      expect: "pass",
      facts: edit(withHost(bondHost()), "virt-support", () => ({
        ...healthySupport,
        modules: [],
        builtin: undefined,
        files: [...healthySupport.files, driver],
      })),
      subject: "host/self",
    },
    {
      name: "for root only, where libvirt's daemon opens it",
      expect: "pass",
      facts: nodeMode("600"),
      subject: "host/self",
    },
    {
      name: "for a group that plain QEMU's user is in",
      expect: "pass",
      facts: { ...nodeMode("660"), ...factsOf({ "qemu-proc": [maker({ uid: 1000, gid: 1000, groups: [104] })] }) },
      subject: "host/self",
    },
    {
      name: "for root only, and plain QEMU runs as root",
      expect: "pass",
      facts: { ...nodeMode("600"), ...factsOf({ "qemu-proc": [maker({ uid: 0, gid: 0, groups: [] })] }) },
      subject: "host/self",
    },
    {
      name: "no guests here",
      expect: "not-applicable",
      facts: edit(withHost(plainHost()), "virt-support", () => ({ ...healthySupport, files: [] })),
      subject: "host/self",
    },
  ],
  unknown: [
    {
      name: "not for everybody, and nobody knows as whom QEMU runs",
      expect: "unknown",
      facts: { ...nodeMode("660"), ...factsOf({ "qemu-proc": [maker(undefined)] }) },
      subject: "host/self",
    },
    {
      name: "not loaded, and whether it can be was not read",
      expect: "unknown",
      facts: edit(withHost(bondHost()), "virt-support", () => ({ ...healthySupport, modules: ["kvm"] })),
      subject: "host/self",
    },
    {
      name: "not read",
      expect: "unknown",
      facts: unread(withHost(bondHost()), "virt-support"),
      subject: "host/self",
    },
  ],
};

function nodeMode(mode: string) {
  return edit(withHost(bondHost()), "virt-support", (all) => ({
    ...all,
    files: all.files.map((file) => (file.path === "/dev/net/tun" ? { ...file, mode, uid: 0, gid: 104 } : file)),
  }));
}

function maker(user: Process["user"]): Process {
  const nics = [{ id: "net0", backend: "tap", ifname: "tap0", fds: [] }];
  return { pid: 900, emulator: "qemu-system-x86_64", name: "plain-01", libvirt: false, nics, user };
}
