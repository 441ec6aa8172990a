import { z } from "zod";
import { defineProbe } from "./define";
import { printItem } from "./items";
import { linesOf, partsOf, whole } from "./parts";

/** Who the host is. Nothing here changes while it runs: what does (clock, uptime) is in the probe `clock`. */
export const Identity = z.object({
  hostname: z.string(),
  /** Kernel release, e.g. 6.1.0-28-amd64. */
  kernel: z.string(),
  /** Machine hardware name, e.g. x86_64. */
  machine: z.string(),
  machineId: z.string().optional(),
  bootId: z.string().optional(),
  /** PRETTY_NAME of os-release. */
  os: z.string().optional(),
  osId: z.string().optional(),
  osVersion: z.string().optional(),
  uid: z.number(),
  /** DMI: tells a physical machine from a guest of another hypervisor. Missing where the machine has none (some ARM). */
  dmi: z
    .object({
      sys_vendor: z.string().optional(),
      product_name: z.string().optional(),
      product_version: z.string().optional(),
      board_vendor: z.string().optional(),
      board_name: z.string().optional(),
      bios_vendor: z.string().optional(),
      bios_version: z.string().optional(),
      chassis_vendor: z.string().optional(),
    })
    .optional(),
  /** systemd-detect-virt: none, kvm, qemu, vmware, microsoft, docker, lxc... Missing without systemd. */
  virtualisation: z.string().optional(),
});
export type Identity = z.infer<typeof Identity>;

const dmiKeys = [
  "sys_vendor",
  "product_name",
  "product_version",
  "board_vendor",
  "board_name",
  "bios_vendor",
  "bios_version",
  "chassis_vendor",
] as const;

/** `NAME=value` lines of os-release; values may stand in quotes, with backslashes before special characters. */
function osRelease(lines: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of lines) {
    const match = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line);
    if (!match) continue;
    const value = (match[2] ?? "").trim().replace(/^(["'])(.*)\1$/, "$2");
    found.set(match[1] ?? "", value.replace(/\\(["'$`\\])/g, "$1"));
  }
  return found;
}

/** `path:value` lines of grep, by the last part of the path. */
const byFile = (lines: readonly string[]): Map<string, string> =>
  new Map(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(line.lastIndexOf("/", colon) + 1, colon), line.slice(colon + 1)];
    }),
  );

const files = [
  "/etc/machine-id",
  "/proc/sys/kernel/random/boot_id",
  ...dmiKeys.map((key) => `/sys/class/dmi/id/${key}`),
];

/**
 * Name, kernel, operating system and hardware of the host.
 *
 * Sample, item `uname`: `hv-01`, `6.1.0-28-amd64`, `x86_64` (a line each); item `files`: `/etc/machine-id:3f0c...`, `/sys/class/dmi/id/sys_vendor:QEMU`;
 * item `os`: `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"`, `ID=debian`; item `virt`: `kvm`
 */
export const probe = defineProbe({
  id: "identity",
  title: { en: "Host identity", zh: "主机身份" },
  tier: "slow",
  command: "uname -a; cat /etc/os-release; grep -s . /sys/class/dmi/id/*; systemd-detect-virt",
  script: `item uname sh -c 'uname -n && uname -r && uname -m'
item uid id -u
item os sh -c 'cat /etc/os-release 2>/dev/null || cat /usr/lib/os-release 2>/dev/null || :'
item files sh -c 'grep -sHa . ${files.join(" ")} || :'
item virt sh -c 'command -v systemd-detect-virt >/dev/null 2>&1 && systemd-detect-virt || :'`,
  privilege: "none",
  timeoutMs: 5_000,
  maxBytes: 65_536,
  fact: Identity,
  parse: (raw) => {
    const part = partsOf(raw, ["uname", "uid", "os", "files", "virt"]);
    const [hostname = "", kernel = "", machine = ""] = linesOf(part("uname"));
    const os = osRelease(linesOf(part("os")));
    const file = byFile(linesOf(part("files")));
    const dmi = dmiKeys.flatMap((key) => {
      const value = file.get(key)?.trim();
      return value ? [[key, value] as const] : [];
    });
    return {
      hostname,
      kernel,
      machine,
      machineId: file.get("machine-id"),
      bootId: file.get("boot_id"),
      os: os.get("PRETTY_NAME"),
      osId: os.get("ID"),
      osVersion: os.get("VERSION_ID"),
      uid: whole(linesOf(part("uid"))[0], "uid"),
      dmi: dmi.length > 0 ? Object.fromEntries(dmi) : undefined,
      virtualisation: linesOf(part("virt"))[0],
    };
  },
  sources: [
    "https://www.freedesktop.org/software/systemd/man/latest/os-release.html",
    "https://www.freedesktop.org/software/systemd/man/latest/systemd-detect-virt.html",
  ],
  examples: [
    {
      name: "a nested hypervisor on Debian",
      stdout:
        printItem("uname", "hv-01\n6.1.0-50-amd64\nx86_64\n") +
        printItem("uid", "0") +
        printItem(
          "os",
          'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nVERSION="12 (bookworm)"\nID=debian\nHOME_URL="https://www.debian.org/"\n',
        ) +
        printItem(
          "files",
          "/etc/machine-id:0123456789abcdef0123456789abcdef\n/proc/sys/kernel/random/boot_id:4a1cf1f9-6b0e-4f3a-8f7c-1b1f0c2d3e4f\n/sys/class/dmi/id/sys_vendor:QEMU\n/sys/class/dmi/id/product_name:Standard PC (i440FX + PIIX, 1996)\n",
        ) +
        printItem("virt", "qemu"),
      expect: {
        hostname: "hv-01",
        kernel: "6.1.0-50-amd64",
        machine: "x86_64",
        machineId: "0123456789abcdef0123456789abcdef",
        bootId: "4a1cf1f9-6b0e-4f3a-8f7c-1b1f0c2d3e4f",
        os: "Debian GNU/Linux 12 (bookworm)",
        osId: "debian",
        osVersion: "12",
        uid: 0,
        dmi: { sys_vendor: "QEMU", product_name: "Standard PC (i440FX + PIIX, 1996)" },
        virtualisation: "qemu",
      },
    },
  ],
});
