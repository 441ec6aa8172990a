import { z } from "zod";
import { defineProbe, ParseError } from "./define";
import { afterGap, soon } from "./delays";
import { conform, endedLines, whole } from "./parts";

/** Attributes that are whole numbers, named as the kernel names them. Those that the kernel refuses (speed of a link that is down) are missing. */
const numbers = [
  "ifindex",
  "carrier",
  "carrier_up_count",
  "carrier_down_count",
  "carrier_changes",
  "speed",
  "addr_assign_type",
  "dev_port",
  "owner",
  "group",
] as const;
const words = ["duplex", "phys_port_name", "phys_switch_id", "tun_flags"] as const;
const bridgeNumbers = [
  "stp_state",
  "forward_delay",
  "hello_time",
  "max_age",
  "ageing_time",
  "priority",
  "root_port",
  "vlan_filtering",
  "default_pvid",
  "multicast_snooping",
  "multicast_querier",
  "multicast_router",
  "multicast_querier_interval",
  "nf_call_iptables",
  "nf_call_ip6tables",
  "nf_call_arptables",
] as const;
const bridgeWords = ["bridge_id", "root_id", "group_fwd_mask", "vlan_protocol"] as const;
const portNumbers = ["state", "priority", "path_cost", "hairpin_mode", "isolated"] as const;
const portWords = ["port_no", "port_id", "designated_root", "designated_bridge", "designated_port"] as const;

const all = <const K extends readonly string[], V extends z.ZodType>(keys: K, value: V) =>
  z.object(Object.fromEntries(keys.map((key) => [key, value.optional()])) as Record<K[number], z.ZodOptional<V>>);

/** What sysfs says of one interface. */
export const SysfsLink = all(numbers, z.number())
  .extend(all(words, z.string()).shape)
  .extend({
    ifname: z.string(),
    ifindex: z.number().int().positive(),
    /** Resolved path of the hardware behind it, e.g. /sys/devices/pci0000:00/0000:00:03.0; missing on virtual devices. */
    device: z.string().optional(),
    /** PCI address (0000:00:03.0); where there is none, the last part of `device` (USB path or the like). */
    slot: z.string().optional(),
    /** pci, usb, virtio... */
    bus: z.string().optional(),
    driver: z.string().optional(),
    wireless: z.boolean(),
    /** Only on a bridge. Times in 1/100 s (ticks of USER_HZ), as the kernel gives them. */
    bridge: all(bridgeNumbers, z.number()).extend(all(bridgeWords, z.string()).shape).optional(),
    /** Only on a bridge port. `state`: 0 disabled, 1 listening, 2 learning, 3 forwarding, 4 blocking. */
    brport: all(portNumbers, z.number()).extend(all(portWords, z.string()).shape).optional(),
  });
export type SysfsLink = z.infer<typeof SysfsLink>;

const attributes = [
  ...numbers,
  ...words,
  ...bridgeNumbers.map((key) => `bridge/${key}`),
  ...bridgeWords.map((key) => `bridge/${key}`),
  ...portNumbers.map((key) => `brport/${key}`),
  ...portWords.map((key) => `brport/${key}`),
];
const isNumber = new Set<string>([
  ...numbers,
  ...bridgeNumbers.map((key) => `bridge/${key}`),
  ...portNumbers.map((key) => `brport/${key}`),
]);
const known = new Set<string>([...attributes, "_device", "_bus", "_driver", "_wireless"]);

const isKey = (key: string) => known.has(key);

interface Gathered {
  readonly own: Map<string, string | number>;
  readonly bridge: Map<string, string | number>;
  readonly brport: Map<string, string | number>;
}

function gather(lines: readonly string[]): Map<string, Gathered> {
  const links = new Map<string, Gathered>();
  for (const line of lines) {
    const match = /^\/sys\/class\/net\/([^/]+)\/([a-z_]+(?:\/[a-z0-9_]+)?):(.*)$/s.exec(line);
    const [, ifname, key, value] = match ?? [];
    if (ifname === undefined || key === undefined || value === undefined || !isKey(key))
      throw new ParseError(`sysfs: cannot read the line ${JSON.stringify(line.slice(0, 80))}`);
    const link: Gathered = links.get(ifname) ?? { own: new Map(), bridge: new Map(), brport: new Map() };
    links.set(ifname, link);
    const typed = isNumber.has(key) ? whole(value, key) : value;
    const [group, sub] = key.split("/");
    if (sub === undefined) link.own.set(key, typed);
    else (group === "bridge" ? link.bridge : link.brport).set(sub, typed);
  }
  return links;
}

/** The PCI function nearest to the interface (a virtio NIC has its virtio device below it), else the last part of the path. */
function slotOf(path: string): string {
  const functions = path.match(/(?<![0-9a-f])[0-9a-f]{4,}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]/g);
  return functions?.at(-1) ?? path.slice(path.lastIndexOf("/") + 1);
}

function assemble(ifname: string, { own, bridge, brport }: Gathered): SysfsLink {
  const path = own.get("_device");
  return conform(SysfsLink, {
    ...Object.fromEntries([...own].filter(([key]) => !key.startsWith("_"))),
    ifname,
    device: path,
    slot: typeof path === "string" ? slotOf(path) : undefined,
    bus: own.get("_bus"),
    driver: own.get("_driver"),
    wireless: own.has("_wireless"),
    bridge: bridge.size > 0 ? Object.fromEntries(bridge) : undefined,
    brport: brport.size > 0 ? Object.fromEntries(brport) : undefined,
  });
}

/*
 * One grep for all files: on a host with 100 interfaces a `cat` per file would be 4,000 forks. xargs, because that many paths may be more than one command
 * line takes. Links are resolved by the shell's own `cd -P`, without a fork. A path that does not exist, and a file that the kernel refuses to read, are
 * silently left out by grep -s: exit status 1, 2 (or xargs' 123 for either) are therefore no failure, and `#end` proves that the script came to its end.
 */
const script = `[ -d /sys/class/net ] || exit 127
printf '%s\\0' ${attributes.map((key) => `/sys/class/net/*/${key}`).join(" ")} | xargs -0 grep -asH .
for n in /sys/class/net/*/; do n=\${n%/}
[ ! -e "$n/phy80211" ] || echo "$n/_wireless:1"
cd -P "$n/device" 2>/dev/null || continue
echo "$n/_device:$PWD"
if cd -P subsystem 2>/dev/null; then echo "$n/_bus:\${PWD##*/}"; cd -P "$n/device" 2>/dev/null || continue; fi
if cd -P driver 2>/dev/null; then echo "$n/_driver:\${PWD##*/}"; fi
done
echo '#end'`;

/**
 * Counters, drivers and bridge settings from sysfs, per interface.
 *
 * Sample (kernel 6.1): `/sys/class/net/nic0/ifindex:2`, `/sys/class/net/nic0/carrier:1`, `/sys/class/net/nic0/carrier_down_count:0`,
 * `/sys/class/net/br0/bridge/stp_state:0`, `/sys/class/net/nic0/_device:/sys/devices/pci0000:00/0000:00:03.0`, `/sys/class/net/nic0/_driver:e1000e`, `#end`
 */
export const probe = defineProbe({
  id: "sysfs-net",
  title: { en: "Interface details from sysfs", zh: "接口详情（sysfs）" },
  tier: "fast",
  rereadOn: { "ip-monitor:link": soon, "ip-monitor:gap": afterGap },
  command: "grep -s . /sys/class/net/*/{carrier,carrier_down_count,speed,duplex,bridge/*,brport/*}",
  script,
  privilege: "none",
  timeoutMs: 10_000,
  maxBytes: 16_777_216,
  fact: z.array(SysfsLink),
  parse: (raw) => {
    const links = gather(endedLines(raw));
    // Without its index an interface went away between two reads: there is nothing left to tell about.
    return [...links].filter(([, link]) => link.own.has("ifindex")).map(([ifname, link]) => assemble(ifname, link));
  },
  sources: [
    "https://docs.kernel.org/admin-guide/abi-testing.html",
    "https://github.com/torvalds/linux/blob/v6.1/Documentation/ABI/testing/sysfs-class-net",
  ],
  examples: [
    {
      name: "a NIC, a bridge, its port and a TAP",
      stdout: `/sys/class/net/nic0/ifindex:2
/sys/class/net/nic0/carrier:1
/sys/class/net/nic0/carrier_up_count:3
/sys/class/net/nic0/carrier_down_count:2
/sys/class/net/nic0/speed:1000
/sys/class/net/nic0/duplex:full
/sys/class/net/br0/ifindex:5
/sys/class/net/br0/addr_assign_type:3
/sys/class/net/br0/bridge/stp_state:0
/sys/class/net/br0/bridge/forward_delay:1500
/sys/class/net/br0/bridge/bridge_id:8000.525400000010
/sys/class/net/tap0/ifindex:7
/sys/class/net/tap0/tun_flags:0x1002
/sys/class/net/tap0/owner:-1
/sys/class/net/tap0/brport/state:3
/sys/class/net/tap0/brport/port_no:0x2
/sys/class/net/nic0/_device:/sys/devices/pci0000:00/0000:00:03.0
/sys/class/net/nic0/_bus:pci
/sys/class/net/nic0/_driver:e1000e
#end
`,
      expect: [
        {
          ifname: "nic0",
          ifindex: 2,
          carrier: 1,
          carrier_up_count: 3,
          carrier_down_count: 2,
          speed: 1000,
          duplex: "full",
          device: "/sys/devices/pci0000:00/0000:00:03.0",
          slot: "0000:00:03.0",
          bus: "pci",
          driver: "e1000e",
          wireless: false,
        },
        {
          ifname: "br0",
          ifindex: 5,
          addr_assign_type: 3,
          wireless: false,
          bridge: { stp_state: 0, forward_delay: 1500, bridge_id: "8000.525400000010" },
        },
        {
          ifname: "tap0",
          ifindex: 7,
          tun_flags: "0x1002",
          owner: -1,
          wireless: false,
          brport: { state: 3, port_no: "0x2" },
        },
      ],
    },
  ],
});
