import { z } from "zod";
import { defineProbe, ParseError } from "./define";
import { endedLines, whole } from "./parts";

/** One PCI function of class 02 (network controller). */
export const PciNic = z.object({
  /** 0000:00:03.0 */
  slot: z.string(),
  /** 0x020000 Ethernet, 0x020700 InfiniBand, 0x028000 other (Wi-Fi). */
  class: z.string(),
  vendor: z.string().optional(),
  device: z.string().optional(),
  subsystemVendor: z.string().optional(),
  subsystemDevice: z.string().optional(),
  /** Missing: bound to none. vfio-pci: handed to a guest. */
  driver: z.string().optional(),
  /** Interfaces that it makes in the host's own namespace. */
  interfaces: z.array(z.string()),
  modalias: z.string().optional(),
  numaNode: z.number().optional(),
  /** Virtual functions in use and possible, on an SR-IOV card. */
  vfs: z.number().optional(),
  vfsPossible: z.number().optional(),
  /** Slot of the physical function, on a virtual one. */
  physfn: z.string().optional(),
});
export type PciNic = z.infer<typeof PciNic>;

const files = [
  "class",
  "vendor",
  "device",
  "subsystem_vendor",
  "subsystem_device",
  "modalias",
  "numa_node",
  "sriov_numvfs",
  "sriov_totalvfs",
] as const;
const keys = new Set<string>([...files, "driver", "net", "physfn"]);

interface Found {
  values: Map<string, string>;
  interfaces: string[];
}

/**
 * Network cards on the PCI bus with their drivers: also those that no driver is bound to, which `ip link` does not show.
 *
 * Sample: `0000:00:03.0 class 0x020000`, `0000:00:03.0 vendor 0x8086`, `0000:00:03.0 driver e1000e`, `0000:00:03.0 net nic0`, `#end`
 */
export const probe = defineProbe({
  id: "pci-net",
  title: { en: "Network cards on PCI", zh: "PCI 网卡" },
  tier: "slow",
  command: "lspci -Dnnk -d ::02xx",
  // Without a fork: sysfs is read by the shell's own read and `cd -P`.
  script: `[ -d /sys/bus/pci/devices ] || exit 127
for d in /sys/bus/pci/devices/*; do
read -r v 2>/dev/null <"$d/class" || continue
case $v in 0x02*) ;; *) continue ;; esac
s=\${d##*/}
for k in ${files.join(" ")}; do if [ -r "$d/$k" ] && read -r v 2>/dev/null <"$d/$k"; then echo "$s $k $v"; fi; done
if cd -P "$d/driver" 2>/dev/null; then echo "$s driver \${PWD##*/}"; fi
if cd -P "$d/physfn" 2>/dev/null; then echo "$s physfn \${PWD##*/}"; fi
for n in "$d"/net/* "$d"/virtio*/net/*; do if [ -e "$n" ]; then echo "$s net \${n##*/}"; fi; done
done
echo '#end'`,
  privilege: "none",
  timeoutMs: 5_000,
  maxBytes: 1_048_576,
  fact: z.array(PciNic),
  parse: (raw) => {
    const found = new Map<string, Found>();
    for (const line of endedLines(raw)) {
      const match = /^(\S+) ([a-z_]+) (.*)$/s.exec(line);
      const [, slot = "", key = "", value = ""] = match ?? [];
      if (!match || !keys.has(key))
        throw new ParseError(`pci: cannot read the line ${JSON.stringify(line.slice(0, 80))}`);
      const entry: Found = found.get(slot) ?? { values: new Map(), interfaces: [] };
      found.set(slot, entry);
      if (key === "net") entry.interfaces.push(value);
      else entry.values.set(key, value);
    }
    return [...found].map(([slot, { values, interfaces }]) => {
      const number = (key: string) => (values.has(key) ? whole(values.get(key), key) : undefined);
      const cls = values.get("class");
      if (cls === undefined) throw new ParseError(`pci: ${slot} has no class`);
      return {
        slot,
        class: cls,
        vendor: values.get("vendor"),
        device: values.get("device"),
        subsystemVendor: values.get("subsystem_vendor"),
        subsystemDevice: values.get("subsystem_device"),
        driver: values.get("driver"),
        interfaces,
        modalias: values.get("modalias"),
        numaNode: number("numa_node"),
        vfs: number("sriov_numvfs"),
        vfsPossible: number("sriov_totalvfs"),
        physfn: values.get("physfn"),
      };
    });
  },
  sources: ["https://github.com/torvalds/linux/blob/v6.1/Documentation/ABI/testing/sysfs-bus-pci"],
  examples: [
    {
      name: "a virtio card, and one without driver",
      stdout: `0000:00:10.0 class 0x020000
0000:00:10.0 vendor 0x1af4
0000:00:10.0 device 0x1000
0000:00:10.0 numa_node -1
0000:00:10.0 driver virtio-pci
0000:00:10.0 net nic0
0000:00:11.0 class 0x020000
0000:00:11.0 vendor 0x8086
#end
`,
      expect: [
        {
          slot: "0000:00:10.0",
          class: "0x020000",
          vendor: "0x1af4",
          device: "0x1000",
          driver: "virtio-pci",
          interfaces: ["nic0"],
          numaNode: -1,
        },
        { slot: "0000:00:11.0", class: "0x020000", vendor: "0x8086", interfaces: [] },
      ],
    },
  ],
});
