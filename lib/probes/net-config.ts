import { z } from "zod";
import { defineProbe, ParseError } from "./define";
import { printItem } from "./items";
import { linesOf, partsOf } from "./parts";
import { rootScript } from "./root-script";

/** People write these lines, and some generate them: a route for each network on one line. */
const writtenMost = 65_536;

/** Lines of one configuration file, in order, leading white space kept (netplan's means something). */
export const ConfigFile = z.object({
  path: z.string(),
  /** ifupdown, networkd, netplan, ifcfg or networkmanager. */
  kind: z.enum(["ifupdown", "networkd", "netplan", "ifcfg", "networkmanager"]),
  lines: z.array(z.string()),
});
export type ConfigFile = z.infer<typeof ConfigFile>;

const places = [
  "/etc/network/interfaces",
  "/etc/network/interfaces.d/*",
  "/etc/systemd/network/*",
  "/run/systemd/network/*",
  "/etc/netplan/*.yaml",
  "/etc/sysconfig/network-scripts/ifcfg-*",
  "/etc/NetworkManager/system-connections/*",
] as const;

/**
 * An allow-list of keys, so that passwords and keys of Wi-Fi, 802.1X and VPNs never leave the host: section heads, names, kinds, masters and members, VLANs, MTU,
 * addresses; of YAML also keys without a value and list entries that look like interface names or addresses.
 */
const wanted = [
  "\\[[A-Za-z0-9-]+\\]$",
  "(auto|allow-[a-z]+|iface|source|source-directory|address|netmask|gateway|hwaddress|mtu|metric|slaves|bond[-_][a-z_-]+|bridge[-_][a-z_-]+|vlan[-_][a-z_-]+) ",
  "(Name|Kind|Bond|Bridge|VLAN|VXLAN|MACVLAN|Id|MACAddress|MTUBytes|Mode|MIIMonitorSec|DHCP|Address|Gateway|Destination|Metric|STP|ForwardDelaySec|VLANFiltering|Unmanaged|ActivationPolicy)=",
  "(id|type|interface-name|master|slave-type|controller|port-type|autoconnect|parent|mode|miimon|stp|forward-delay|method|address[0-9]*|gateway|mtu)=",
  "(DEVICE|NAME|TYPE|ONBOOT|BOOTPROTO|MASTER|SLAVE|BRIDGE|BONDING_OPTS|BONDING_MASTER|VLAN|PHYSDEV|IPADDR[0-9]*|PREFIX[0-9]*|NETMASK|GATEWAY|MTU|STP|DELAY|NM_CONTROLLED|HWADDR|MACADDR)=",
  "(renderer|version|interfaces|link|id|mode|mii-monitor-interval|primary|stp|forward-delay|dhcp4|dhcp6|mtu|macaddress|set-name|addresses|via|to|gateway4|gateway6|critical): ",
  "[A-Za-z0-9_.-]+:[[:space:]]*$",
  "- [A-Za-z0-9_.:/-]+[[:space:]]*$",
].join("|");
const read = rootScript(`grep -sHaE "^[[:space:]]*(${wanted})" ${places.join(" ")}; :`);

function kindOf(path: string): ConfigFile["kind"] | undefined {
  if (path.startsWith("/etc/network/")) return "ifupdown";
  if (path.includes("/systemd/network/")) return "networkd";
  if (path.startsWith("/etc/netplan/")) return "netplan";
  if (path.startsWith("/etc/sysconfig/")) return "ifcfg";
  return path.startsWith("/etc/NetworkManager/") ? "networkmanager" : undefined;
}

/**
 * What the host's network is meant to be: the lines of its configuration files that tell of bonds, bridges, VLANs and addresses. No secrets: keys by allow-list.
 *
 * Sample: `/etc/network/interfaces:iface nic0 inet manual`, `/etc/network/interfaces:    bond-master bond0`
 */
export const probe = defineProbe({
  id: "net-config",
  title: { en: "Network configuration files", zh: "网络配置文件" },
  tier: "slow",
  command:
    "cat /etc/network/interfaces /etc/systemd/network/* /etc/netplan/*.yaml /etc/sysconfig/network-scripts/ifcfg-*",
  script: `item files try_root ${read}`,
  privilege: "partial",
  sudo: [read],
  timeoutMs: 5_000,
  maxBytes: 2_097_152,
  fact: z.array(ConfigFile),
  parse: (raw) => {
    const files = new Map<string, ConfigFile>();
    for (const line of linesOf(partsOf(raw, ["files"])("files"), writtenMost)) {
      const colon = line.indexOf(":");
      const path = line.slice(0, colon);
      const kind = kindOf(path);
      if (colon < 0 || kind === undefined) throw new ParseError(`config: ${JSON.stringify(line.slice(0, 80))}`);
      const file = files.get(path) ?? { path, kind, lines: [] };
      files.set(path, file);
      file.lines.push(line.slice(colon + 1).trimEnd());
    }
    return [...files.values()];
  },
  sources: [
    "https://manpages.debian.org/bookworm/ifupdown/interfaces.5.en.html",
    "https://www.freedesktop.org/software/systemd/man/latest/systemd.netdev.html",
    "https://netplan.readthedocs.io/en/stable/netplan-yaml/",
  ],
  examples: [
    {
      name: "ifupdown and netplan",
      stdout: printItem(
        "files",
        "/etc/network/interfaces:auto nic0\n/etc/network/interfaces:iface nic0 inet manual\n/etc/network/interfaces:    bond-master bond0\n/etc/netplan/01.yaml:  bonds:\n/etc/netplan/01.yaml:      interfaces: [eno1, eno2]\n",
      ),
      expect: [
        {
          path: "/etc/network/interfaces",
          kind: "ifupdown",
          lines: ["auto nic0", "iface nic0 inet manual", "    bond-master bond0"],
        },
        { path: "/etc/netplan/01.yaml", kind: "netplan", lines: ["  bonds:", "      interfaces: [eno1, eno2]"] },
      ],
    },
  ],
});
