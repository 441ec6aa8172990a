import type { GraphNode } from "../../graph/model";
import type { FactOf } from "../../probes/registry";
import type { Param } from "../../wording";
import { type CheckView, defineCheck, type Evidence, pass } from "../define";
import { commandLine } from "../evidence";
import { healthySupport } from "../host-examples";
import { bondHost, edit, factsOf, plainHost, unread } from "../testing";

type Support = FactOf<"virt-support">;
type Process = FactOf<"qemu-proc">[number];
type View = CheckView<"virt-support" | "qemu-proc">;

const scripts = new Map([
  ["/etc/qemu-ifup", "script"],
  ["/etc/qemu-ifdown", "downscript"],
] as const);

/** What QEMU says when its helper or its script did not do its work (net/tap.c, qemu-bridge-helper.c). */
const complaint =
  /bridge helper failed|failed to parse default acl|access denied by acl file|failed to create tun device|network script .* failed|could not launch network script|failed to launch bridge helper/i;

/**
 * What QEMU itself runs to plug a guest in: /etc/qemu-ifup (also where no script is named), and qemu-bridge-helper with its list of bridges. Only what a guest on this host uses can be
 * broken: Debian ships the helper without setuid, and most hosts need none of this, for libvirt's daemon plugs its guests in by itself. Scripts in other places are not looked at.
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
    en: "QEMU without libvirt makes the TAP and leaves it to a script or a setuid helper to put it on a bridge. When that fails the guest does not start at all, or runs with a TAP that is on no bridge.",
    zh: "没有 libvirt 时，QEMU 创建 TAP 后由脚本或 setuid 助手将其接入网桥。脚本失效时，虚拟机无法启动，或其 TAP 不在任何网桥上。",
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
    const used = usedScripts(process);
    const helped = process.nics.filter((nic) => nic.backend === "bridge");
    if (used.length === 0 && helped.length === 0) return null;
    for (const path of used) {
      const file = support.files.find((one) => one.path === path);
      if (!file)
        return broken(
          vm,
          path,
          { en: "it is missing", zh: "文件不存在" },
          {
            command: commandLine(["ls", "-l", path]),
            excerpt: `ls: cannot access '${path}': No such file or directory`,
          },
        );
      if ((Number.parseInt(file.mode, 8) & 0o111) === 0)
        return broken(
          vm,
          path,
          { en: `it is not executable (mode ${file.mode})`, zh: `不可执行（权限 ${file.mode}）` },
          {
            command: commandLine(["ls", "-l", path]),
            excerpt: `${file.type} ${file.mode} ${file.user} ${file.group} ${path}`,
          },
        );
    }
    // Without reading it, or with another file included, nobody can say what is allowed.
    const acl = support.bridgeConf;
    if (!acl || acl.some((line) => /^\s*include\b/.test(line))) return used.length > 0 ? pass : null;
    for (const nic of helped) {
      const bridge = nic.br ?? "br0";
      const rules = acl.flatMap((line) => /^\s*(allow|deny)\s+(\S+)/.exec(line)?.slice(1, 3).join(" ") ?? []);
      const allowed = rules.includes(`allow ${bridge}`) || rules.includes("allow all");
      if (!allowed || rules.includes(`deny ${bridge}`) || rules.includes("deny all"))
        return broken(
          vm,
          "/etc/qemu/bridge.conf",
          { en: `it does not allow ${bridge}`, zh: `不允许 ${bridge}` },
          {
            command: "cat /etc/qemu/bridge.conf",
            excerpt: acl.join("\n") || "(no rule)",
          },
        );
    }
    return pass;
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
        name: "the helper does not allow the bridge",
        expect: "warn",
        facts: plain({ backend: "bridge", br: "br7", script: undefined, downscript: undefined }, [], ["allow virbr0"]),
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
        name: "a script of one's own elsewhere",
        expect: "not-applicable",
        facts: plain({ script: "/opt/vm/up.sh", downscript: "no" }, []),
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
        facts: plain({ backend: "bridge", br: "br7", script: undefined, downscript: undefined }, [], ["allow all"]),
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
    ],
  },
});

/** Scripts in /etc that QEMU runs for this process: also by default, where a TAP is asked for by neither descriptor nor helper and no script is named. */
function usedScripts(process: Process): string[] {
  const taps = process.nics.filter((nic) => nic.backend === "tap" && nic.fds.length === 0);
  return [...scripts].flatMap(([path, option]) => (taps.some((nic) => (nic[option] ?? path) === path) ? [path] : []));
}

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
function plain(nic: Partial<Process["nics"][number]>, files: Support["files"], bridgeConf?: string[]) {
  return {
    ...plainHost(),
    ...factsOf({
      "virt-support": { ...healthySupport, files: [...healthySupport.files, ...files], bridgeConf },
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
        },
      ],
    }),
  };
}
