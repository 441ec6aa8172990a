import type { GraphNode } from "../../graph/model";
import type { FactOf } from "../../probes/registry";
import type { Param } from "../../wording";
import { type CheckView, defineCheck, type Evidence, pass, unknown } from "../define";
import { commandLine } from "../evidence";
import { healthySupport } from "../host-examples";
import { judgePlugs } from "../plugs";
import { bondHost, edit, factsOf, plainHost, unread } from "../testing";

type Support = FactOf<"virt-support">;
type Process = FactOf<"qemu-proc">[number];
type Nic = Process["nics"][number];
type View = CheckView<"virt-support" | "qemu-proc">;

const somebody = { uid: 1000, gid: 1000, groups: [27] };
const helped: Partial<Nic> = { backend: "bridge", br: "br7", script: undefined, downscript: undefined };
const setuid = { ...file("/usr/lib/qemu/qemu-bridge-helper", "4755"), uid: 0, gid: 0 };
const plainHelper = { ...setuid, mode: "755" };

/** What QEMU says when its helper or its script did not do its work (net/tap.c, qemu-bridge-helper.c). */
const complaint =
  /bridge helper failed|failed to parse default acl|access denied by acl file|failed to create tun device|network script .* failed|could not launch network script|failed to launch bridge helper/i;

/**
 * What QEMU itself runs to plug a guest in: its scripts (/etc/qemu-ifup also where none is named), and qemu-bridge-helper with its list of bridges. Only what a guest on this host uses can be
 * broken: Debian ships the helper without setuid, and most hosts need none of this, for libvirt's daemon plugs its guests in by itself. root's QEMU needs no setuid, and the file capability
 * cap_net_admin does as well. What a script does is not looked at, nor what libvirt's session daemon asks of the helper (its QEMU gets the TAP ready made).
 */
export const check = defineCheck({
  id: "ifup-broken",
  layer: "tap",
  title: { en: "QEMU's network script or bridge helper is broken", zh: "QEMU 的网络脚本或网桥助手失效" },
  message: { en: "{vm} is plugged in by {file}: {why}", zh: "{vm} 通过 {file} 接入网络：{why}" },
  expected: {
    en: "{file} is there, may be executed, and allows the bridge",
    zh: "{file} 存在、可执行，并允许该网桥",
  },
  repair: {
    en: "A script: restore {file}, then chmod 755 {file}. The bridge helper: add a line allow BRIDGE to /etc/qemu/bridge.conf, and where QEMU does not run as root chmod u+s the helper (keep that by dpkg-statoverride). Then start {vm} anew.",
    zh: "脚本：恢复 {file}，然后 chmod 755 {file}。网桥助手：在 /etc/qemu/bridge.conf 中加入一行 allow 网桥名；若 QEMU 不以 root 运行，则对助手执行 chmod u+s（用 dpkg-statoverride 保留）。然后重新启动 {vm}。",
  },
  explain: {
    en: "QEMU without libvirt makes the TAP and leaves it to a script or a setuid helper to put it on a bridge. When that fails the guest does not start at all, or runs with a TAP that is on no bridge. Judged are the modes of the scripts and helpers that running QEMU processes name or use by default, for the user that runs them, and bridge.conf; not what a script does, and not guests of libvirt's session daemon.",
    zh: "没有 libvirt 时，QEMU 创建 TAP 后由脚本或 setuid 助手将其接入网桥。脚本失效时，虚拟机无法启动，或其 TAP 不在任何网桥上。检查运行中的 QEMU 进程指定或默认使用的脚本和助手的权限（按运行它们的用户判断）以及 bridge.conf；不检查脚本内容，也不检查 libvirt 会话守护进程的虚拟机。",
  },
  needs: ["virt-support", "qemu-proc"],
  optional: ["qemu-log"],
  subjects: ["vm"],
  reach: "self",
  sources: [
    "https://www.qemu.org/docs/master/system/invocation.html#hxtool-5",
    "https://wiki.qemu.org/Features/HelperNetworking",
  ],
  lab: { case: "ifup-broken" },
  evaluate(vm, view) {
    const failed = saidSo(vm, view);
    if (failed) return failed;
    if (vm.attributes.alive !== true) return null;
    const process = (view.factOrAbsent("qemu-proc") ?? []).find((one) => one.pid === vm.attributes.pid);
    if (!process || process.libvirt) return null;
    const support = view.factOrAbsent("virt-support");
    if (!support) return null;
    const judged = judgePlugs(process, support);
    if (judged.length === 0) return null;
    const bad = judged.find((one) => "why" in one);
    if (bad && "why" in bad) return broken(vm, bad.path, bad.why, bad.evidence);
    const unread = judged.find((one) => "unread" in one);
    return unread && "unread" in unread ? unknown(unread.unread) : pass;
  },
  examples: {
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
  },
});

/** QEMU's own last words about a guest that is not running. */
function saidSo(vm: GraphNode, view: View) {
  if (vm.attributes.alive === true || vm.attributes.state === "paused") return undefined;
  const log = view.factIfRead("qemu-log")?.find((one) => one.domain === vm.name);
  const line = log?.lines.slice(-3).find((one) => complaint.test(one));
  if (line === undefined) return undefined;
  return {
    ...broken(vm, /script/.test(line) ? "/etc/qemu-ifup" : "qemu-bridge-helper", line.slice(0, 200), {
      command: commandLine(["tail", `/var/log/libvirt/qemu/${vm.name}.log`]),
      excerpt: line,
    }),
    status: "fail" as const,
  };
}

function broken(vm: GraphNode, path: string, why: Param, evidence: Evidence) {
  const list: [Evidence] = [evidence];
  return { status: "warn" as const, params: { vm: vm.name, file: path, why }, evidence: list };
}

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
