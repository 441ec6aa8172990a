import type { FactOf } from "../../probes/registry";
import type { CheckExamples } from "../define";
import { healthySupport } from "../host-examples";
import { bondHost, edit, factsOf, plainHost, unread } from "../testing";

type Support = FactOf<"virt-support">;
type Process = FactOf<"qemu-proc">[number];
type Nic = Process["nics"][number];

const somebody = { uid: 1000, gid: 1000, groups: [27] };
const helped: Partial<Nic> = { backend: "bridge", br: "br7", script: undefined, downscript: undefined };
const setuid = { ...file("/usr/lib/qemu/qemu-bridge-helper", "4755"), uid: 0, gid: 0 };
const plainHelper = { ...setuid, mode: "755" };

export const examples: CheckExamples = {
  bad: [
    {
      name: "the script lost its right to be executed",
      expect: "warn",
      facts: plain({}, [file("/etc/qemu-ifup", "644"), file("/etc/qemu-ifdown", "755")]),
      subject: "vm/web-01",
    },
    { name: "the script is gone", expect: "warn", facts: plain({ script: undefined }, []), subject: "vm/web-01" },
    {
      name: "a script of one's own, gone",
      expect: "warn",
      facts: plain({ script: "/opt/vm/up.sh", downscript: "no" }, [], undefined, {
        programs: [{ path: "/opt/vm/up.sh" }],
      }),
      subject: "vm/web-01",
    },
    {
      name: "a script of one's own, not for the user that runs QEMU",
      expect: "warn",
      facts: plain({ script: "/opt/vm/up.sh", downscript: "no" }, [], undefined, {
        user: somebody,
        programs: [{ path: "/opt/vm/up.sh", mode: "700", uid: 0, gid: 0 }],
      }),
      subject: "vm/web-01",
    },
    {
      name: "the helper does not allow the bridge",
      expect: "warn",
      facts: plain(helped, [setuid], ["allow virbr0"], { user: somebody }),
      subject: "vm/web-01",
    },
    {
      name: "the helper lost its setuid bit, and QEMU is not root's",
      expect: "warn",
      facts: plain(helped, [plainHelper], ["allow br7"], { user: somebody }, []),
      subject: "vm/web-01",
    },
    {
      name: "setuid, but to somebody else than root",
      expect: "warn",
      facts: plain(helped, [{ ...setuid, user: "qemu", uid: 64055 }], ["allow br7"], { user: somebody }, []),
      subject: "vm/web-01",
    },
    {
      name: "a guest that did not start because of it",
      expect: "fail",
      facts: {
        ...edit(bondHost(), "libvirt-state", (all) =>
          all.map((one) => ({ ...one, state: "shut off" as const, interfaces: [] })),
        ),
        ...factsOf({
          "virt-support": healthySupport,
          "qemu-proc": [],
          "qemu-log": [{ domain: "web-01", lines: ["qemu-system-x86_64: bridge helper failed"] }],
        }),
      },
      subject: "vm/web-01",
    },
  ],
  good: [
    {
      name: "plain QEMU, both scripts in order",
      expect: "pass",
      facts: plain({}, [file("/etc/qemu-ifup", "755"), file("/etc/qemu-ifdown", "755")]),
      subject: "vm/web-01",
    },
    {
      name: "plain QEMU that uses no script",
      expect: "not-applicable",
      facts: plain({ script: "no", downscript: "no" }, []),
      subject: "vm/web-01",
    },
    {
      name: "a script of one's own elsewhere, in order",
      expect: "pass",
      facts: plain({ script: "/opt/vm/up.sh", downscript: "no" }, [], undefined, {
        user: somebody,
        programs: [{ path: "/opt/vm/up.sh", mode: "755", uid: 0, gid: 0 }],
      }),
      subject: "vm/web-01",
    },
    {
      name: "root's QEMU needs no setuid helper",
      expect: "pass",
      facts: plain(helped, [plainHelper], ["allow br7"], { user: { uid: 0, gid: 0, groups: [] } }, []),
      subject: "vm/web-01",
    },
    {
      name: "a helper with the file capability in the place of setuid",
      expect: "pass",
      facts: plain(helped, [plainHelper], ["allow br7"], { user: somebody }, [
        "/usr/lib/qemu/qemu-bridge-helper cap_net_admin=ep",
      ]),
      subject: "vm/web-01",
    },
    {
      name: "a helper of one's own by its path",
      expect: "pass",
      facts: plain({ ...helped, helper: "/opt/qemu/helper" }, [], ["allow br7"], {
        user: somebody,
        programs: [{ path: "/opt/qemu/helper", mode: "4755", uid: 0, gid: 0 }],
      }),
      subject: "vm/web-01",
    },
    {
      name: "Debian's helper without setuid on a host whose guests are libvirt's",
      expect: "not-applicable",
      facts: {
        ...bondHost(),
        ...factsOf({
          "virt-support": { ...healthySupport, files: [file("/usr/lib/qemu/qemu-bridge-helper", "755")] },
          "qemu-proc": [],
        }),
      },
      subject: "vm/web-01",
    },
    {
      name: "the helper allows all",
      expect: "pass",
      facts: plain(helped, [setuid], ["allow all"], { user: somebody }),
      subject: "vm/web-01",
    },
    {
      name: "an old complaint of a guest that runs now",
      expect: "not-applicable",
      facts: {
        ...bondHost(),
        ...factsOf({
          "virt-support": healthySupport,
          "qemu-proc": [],
          "qemu-log": [{ domain: "web-01", lines: ["qemu-system-x86_64: bridge helper failed"] }],
        }),
      },
      subject: "vm/web-01",
    },
  ],
  unknown: [
    {
      name: "files not read",
      expect: "unknown",
      facts: unread(plain({}, []), "virt-support"),
      subject: "vm/web-01",
    },
    {
      name: "a script in a folder that is not ours to read",
      expect: "unknown",
      facts: plain({ script: "/root/up.sh", downscript: "no" }, []),
      subject: "vm/web-01",
    },
    {
      name: "a helper without setuid, and nobody knows as whom QEMU runs",
      expect: "unknown",
      facts: plain(helped, [plainHelper], ["allow br7"], {}, []),
      subject: "vm/web-01",
    },
    {
      name: "a helper without setuid, and file capabilities cannot be read",
      expect: "unknown",
      facts: plain(helped, [plainHelper], ["allow br7"], { user: somebody }),
      subject: "vm/web-01",
    },
    {
      name: "the list of bridges includes another file",
      expect: "unknown",
      facts: plain(helped, [setuid], ["include /etc/qemu/more.conf"], { user: somebody }),
      subject: "vm/web-01",
    },
  ],
};

function file(path: string, mode: string) {
  return { path, type: "regular file", mode, user: "root", group: "root" };
}

/** A plain QEMU process with one NIC, and the files that there are. */
function plain(
  nic: Partial<Nic>,
  files: Support["files"],
  bridgeConf?: string[],
  more: Partial<Process> = {},
  caps?: string[],
) {
  return {
    ...plainHost(),
    ...factsOf({
      "virt-support": { ...healthySupport, files: [...healthySupport.files, ...files], bridgeConf, caps },
      "qemu-proc": [
        {
          pid: 900,
          emulator: "qemu-system-x86_64",
          name: "web-01",
          libvirt: false,
          nics: [
            {
              id: "net0",
              model: "virtio-net-pci",
              mac: "52:54:00:5b:00:01",
              netdev: "net0",
              backend: "tap",
              ifname: "tap0",
              fds: [],
              script: "/etc/qemu-ifup",
              downscript: "/etc/qemu-ifdown",
              ...nic,
            },
          ],
          ...more,
        },
      ],
    }),
  };
}
