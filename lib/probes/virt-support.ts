import { z } from "zod";
import { defineProbe, ParseError } from "./define";
import { parseItems, printItem } from "./items";
import { linesOf, partsOf, whole } from "./parts";

const FileState = z.object({
  path: z.string(),
  /** As stat names it: "character special file", "regular file"... */
  type: z.string(),
  /** Permission bits in octal, set-uid and the like included: "4755". */
  mode: z.string(),
  user: z.string(),
  group: z.string(),
  /** Owners by number; missing in what was recorded before they were read. */
  uid: z.number().optional(),
  gid: z.number().optional(),
});

/** Whether the host can run bridged guests at all. */
export const VirtSupport = z.object({
  /** vmx (Intel) or svm (AMD), where the CPU shows it. Other architectures have neither and still run KVM. */
  cpuFlag: z.enum(["vmx", "svm"]).optional(),
  /** Loaded modules. Empty where the kernel has all built in. */
  modules: z.array(z.string()),
  /** Of the modules that matter here, those built into the kernel; missing where its list of built-ins is not installed. */
  builtin: z.array(z.string()).optional(),
  /**
   * Of the modules that matter here, those that the kernel finds when one is asked for. Empty where it can load none (its own modules are gone from the disk, as after an update
   * without a restart, or loading is switched off). Missing where that cannot be told, as in a container.
   */
  loadable: z.array(z.string()).optional(),
  /** /dev/kvm, /dev/net/tun, /dev/vhost-net, qemu-ifup, bridge helpers... that exist. `/sys/devices/virtual/misc/tun`: the driver of tun is at work. */
  files: z.array(FileState),
  /** Lines of /etc/qemu/bridge.conf (allow and deny), comments left out. */
  bridgeConf: z.array(z.string()).optional(),
  /** File capabilities of the bridge helpers, as getcap prints them; missing where there is no getcap. */
  caps: z.array(z.string()).optional(),
});
export type VirtSupport = z.infer<typeof VirtSupport>;

const helpers = [
  "/usr/lib/qemu/qemu-bridge-helper",
  "/usr/libexec/qemu-bridge-helper",
  "/usr/lib/qemu-bridge-helper",
] as const;

const paths = [
  "/dev/kvm",
  "/dev/net/tun",
  "/dev/vhost-net",
  "/sys/devices/virtual/misc/tun",
  "/etc/qemu-ifup",
  "/etc/qemu-ifdown",
  ...helpers,
  "/etc/qemu/bridge.conf",
  "/etc/qemu-kvm/bridge.conf",
] as const;

const matters =
  "tun|tap|vhost|vhost_net|kvm|kvm-intel|kvm-amd|bridge|br_netfilter|bonding|8021q|macvtap|macvlan|vxlan|openvswitch|nf_conntrack|nf_tables|ip_tables|ebtables|sch_ingress|sch_netem";

/**
 * Hardware virtualisation, kernel modules, device nodes and QEMU's bridge helpers.
 *
 * Sample, item `cpu`: `vmx`; item `modules`: `kvm_intel`, `kvm`, `tun`; item `files` (stat): `/dev/kvm|character special file|660|root|kvm|0|104`;
 * item `conf`: `allow br0`; item `caps`: `/usr/lib/qemu/qemu-bridge-helper cap_net_admin=ep`; item `loadable`: `tun`, `vhost_net`
 */
export const probe = defineProbe({
  id: "virt-support",
  title: { en: "Virtualisation support", zh: "虚拟化支持" },
  tier: "slow",
  command: "grep -ow -m1 -E 'vmx|svm' /proc/cpuinfo; lsmod; ls -l /dev/kvm /dev/net/tun /dev/vhost-net",
  script: `item cpu sh -c 'grep -owm1 -E "vmx|svm" /proc/cpuinfo || :'
item modules sh -c 'cut -d " " -f 1 /proc/modules 2>/dev/null || :'
item builtin sh -c 'f=/lib/modules/$(uname -r)/modules.builtin; [ -r "$f" ] || exit 0; echo "#"; sed -n "s|.*/\\([^/]*\\)\\.ko.*|\\1|p" "$f" | grep -xE "${matters}" || :'
item files sh -c 'stat -L -c "%n|%F|%a|%U|%G|%u|%g" ${paths.join(" ")} 2>/dev/null || :'
item caps sh -c 'command -v getcap >/dev/null 2>&1 || exit 0; echo "#"; getcap ${helpers.join(" ")} 2>/dev/null; :'
item loadable sh -c '[ ! -e /.dockerenv ] && [ ! -e /run/systemd/container ] || exit 0; d=/lib/modules/$(uname -r)
if [ "$(cat /proc/sys/kernel/modules_disabled 2>/dev/null)" = 1 ]; then echo "#"
elif [ -r "$d/modules.dep" ]; then echo "#"; sed -n "s|^[^:]*/\\([^/:]*\\)\\.ko[^:]*:.*|\\1|p" "$d/modules.dep" | grep -xE "${matters}"
elif [ ! -d "$d" ]; then set -- /lib/modules/*/modules.dep; [ ! -e "$1" ] || echo "#"; fi; :'
item conf sh -c 'for f in /etc/qemu/bridge.conf /etc/qemu-kvm/bridge.conf; do if [ -r "$f" ]; then echo "#"; grep -avE "^[[:space:]]*(#|$)" "$f"; fi; done; :'`,
  privilege: "none",
  timeoutMs: 5_000,
  maxBytes: 262_144,
  fact: VirtSupport,
  parse: (raw) => {
    // Older recordings have neither of these two.
    const late = parseItems(raw.stdout).flatMap(({ name }) => (name === "caps" || name === "loadable" ? [name] : []));
    const part = partsOf(raw, ["cpu", "modules", "builtin", "files", "conf", ...late]);
    const flag = linesOf(part("cpu"))[0];
    const cpuFlag: VirtSupport["cpuFlag"] = flag === "vmx" || flag === "svm" ? flag : undefined;
    // A first line "#" says that the file was there to read.
    const marked = (name: string) => {
      const lines = linesOf(part(name));
      return lines.includes("#") ? lines.filter((line) => line !== "#") : undefined;
    };
    return {
      cpuFlag,
      modules: linesOf(part("modules")),
      builtin: marked("builtin"),
      files: linesOf(part("files")).map((line) => {
        const [path, type, mode, user, group, uid, gid] = line.split("|");
        if (!path || !type || !mode || !user || !group)
          throw new ParseError(`stat: ${JSON.stringify(line.slice(0, 80))}`);
        const ids = uid !== undefined && gid !== undefined ? { uid: whole(uid, "uid"), gid: whole(gid, "gid") } : {};
        return { path, type, mode, user, group, ...ids };
      }),
      bridgeConf: marked("conf"),
      ...(late.includes("caps") ? { caps: marked("caps") } : {}),
      ...(late.includes("loadable") ? { loadable: marked("loadable") } : {}),
    };
  },
  sources: [
    "https://docs.kernel.org/virt/kvm/index.html",
    "https://www.qemu.org/docs/master/system/devices/net.html",
    "https://wiki.qemu.org/Features/HelperNetworking",
  ],
  examples: [
    {
      name: "an AMD host with a bridge helper",
      stdout:
        printItem("cpu", "svm") +
        printItem("modules", "kvm_amd\nkvm\ntun\nvhost_net") +
        printItem("builtin", "#\n") +
        printItem(
          "files",
          "/dev/kvm|character special file|660|root|kvm\n/dev/net/tun|character special file|666|root|root\n/usr/lib/qemu/qemu-bridge-helper|regular file|4755|root|root\n",
        ) +
        printItem("conf", "#\nallow br0\n"),
      expect: {
        cpuFlag: "svm",
        modules: ["kvm_amd", "kvm", "tun", "vhost_net"],
        builtin: [],
        files: [
          { path: "/dev/kvm", type: "character special file", mode: "660", user: "root", group: "kvm" },
          { path: "/dev/net/tun", type: "character special file", mode: "666", user: "root", group: "root" },
          {
            path: "/usr/lib/qemu/qemu-bridge-helper",
            type: "regular file",
            mode: "4755",
            user: "root",
            group: "root",
          },
        ],
        bridgeConf: ["allow br0"],
      },
    },
    {
      name: "a helper with a file capability, and a kernel whose modules are gone",
      stdout:
        printItem("cpu", "vmx") +
        printItem("modules", "kvm_intel\nkvm") +
        printItem("builtin", "") +
        printItem("files", "/dev/net/tun|character special file|666|root|root|0|0\n") +
        printItem("caps", "#\n/usr/lib/qemu/qemu-bridge-helper cap_net_admin=ep\n") +
        printItem("loadable", "#") +
        printItem("conf", ""),
      expect: {
        cpuFlag: "vmx",
        modules: ["kvm_intel", "kvm"],
        builtin: undefined,
        files: [
          {
            path: "/dev/net/tun",
            type: "character special file",
            mode: "666",
            user: "root",
            group: "root",
            uid: 0,
            gid: 0,
          },
        ],
        bridgeConf: undefined,
        caps: ["/usr/lib/qemu/qemu-bridge-helper cap_net_admin=ep"],
        loadable: [],
      },
    },
  ],
});
