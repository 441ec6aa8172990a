import { z } from "zod";
import { defineProbe, ParseError } from "./define";
import { later } from "./delays";
import { hostText, type Item, printItem } from "./items";
import { sections, uuids, virshShell } from "./libvirt";
import { partsOf, textLines, whole } from "./parts";
import { attr, child, childrenOf, type Element, parseXml } from "./xml";

export const Lease = z.object({
  /** As printed, in the host's own time zone: "2026-01-05 10:12:00". */
  expiry: z.string(),
  mac: z.string(),
  protocol: z.enum(["ipv4", "ipv6"]),
  address: z.string(),
  prefix: z.number(),
  hostname: z.string().optional(),
  clientId: z.string().optional(),
});
export type Lease = z.infer<typeof Lease>;

export const Network = z.object({
  uuid: z.string(),
  name: z.string(),
  active: z.boolean(),
  autostart: z.boolean(),
  persistent: z.boolean(),
  /** nat, route, open, bridge, private, vepa, passthrough, hostdev. Missing: isolated, no way out by design. */
  forward: z.object({ mode: z.string(), dev: z.string().optional(), interfaces: z.array(z.string()) }).optional(),
  bridge: z
    .object({
      name: z.string(),
      stp: z.boolean(),
      /** Seconds. */
      delay: z.number().optional(),
      zone: z.string().optional(),
      macTableManager: z.string().optional(),
    })
    .optional(),
  mac: z.string().optional(),
  mtu: z.number().optional(),
  /** It has a `<bandwidth>`: libvirt limits the rate on its bridge. */
  limited: z.literal(true).optional(),
  domain: z.string().optional(),
  virtualport: z.string().optional(),
  vlan: z.array(z.number()),
  portgroups: z.array(
    z.object({ name: z.string(), default: z.boolean(), vlan: z.array(z.number()), virtualport: z.string().optional() }),
  ),
  ips: z.array(
    z.object({
      family: z.enum(["ipv4", "ipv6"]),
      address: z.string(),
      prefix: z.number(),
      ranges: z.array(z.object({ start: z.string(), end: z.string() })),
      hosts: z.array(z.object({ mac: z.string().optional(), name: z.string().optional(), ip: z.string().optional() })),
    }),
  ),
  /** Leases of libvirt's own dnsmasq. Missing where the network is inactive or libvirt could not tell. */
  leases: z.array(Lease).optional(),
});
export type Network = z.infer<typeof Network>;

const tags = (element: Element | undefined): number[] =>
  childrenOf(child(element, "vlan"), "tag").map((tag) => whole(attr(tag, "id"), "vlan tag"));

function prefixOf(ip: Element): number {
  const prefix = attr(ip, "prefix");
  if (prefix !== undefined) return whole(prefix, "ip prefix");
  const mask = attr(ip, "netmask");
  if (mask === undefined) return attr(ip, "family") === "ipv6" ? 64 : classfulPrefix(attr(ip, "address") ?? "");
  const bits = mask
    .split(".")
    .map((part) => whole(part, "netmask").toString(2).padStart(8, "0"))
    .join("");
  if (!/^1*0*$/.test(bits) || bits.length !== 32) throw new ParseError(`netmask ${mask}`);
  return bits.indexOf("0") < 0 ? 32 : bits.indexOf("0");
}

/** libvirt falls back to address classes where neither mask nor prefix is given. */
function classfulPrefix(address: string): number {
  const first = whole(address.split(".")[0], "ip address");
  if (first < 128) return 8;
  return first < 192 ? 16 : 24;
}

function readIp(ip: Element): Network["ips"][number] {
  const dhcp = child(ip, "dhcp");
  return {
    family: attr(ip, "family") === "ipv6" ? "ipv6" : "ipv4",
    address: attr(ip, "address") ?? "",
    prefix: prefixOf(ip),
    ranges: childrenOf(dhcp, "range").map((range) => ({
      start: attr(range, "start") ?? "",
      end: attr(range, "end") ?? "",
    })),
    hosts: childrenOf(dhcp, "host").map((host) => ({
      mac: attr(host, "mac")?.toLowerCase(),
      name: attr(host, "name"),
      ip: attr(host, "ip"),
    })),
  };
}

function readBridge(bridge: Element | undefined): Network["bridge"] {
  const name = attr(bridge, "name");
  if (name === undefined) return undefined;
  const delay = attr(bridge, "delay");
  return {
    name,
    stp: attr(bridge, "stp") !== "off",
    delay: delay === undefined ? undefined : whole(delay, "bridge delay"),
    zone: attr(bridge, "zone"),
    macTableManager: attr(bridge, "macTableManager"),
  };
}

function readForward(forward: Element | undefined): Network["forward"] {
  if (!forward) return undefined;
  return {
    mode: attr(forward, "mode") ?? "nat",
    dev: attr(forward, "dev"),
    interfaces: childrenOf(forward, "interface").flatMap((entry) => attr(entry, "dev") ?? []),
  };
}

function readNetwork(element: Element) {
  const uuid = child(element, "uuid")?.text.trim();
  const name = child(element, "name")?.text;
  if (element.name !== "network" || !uuid || !name) throw new ParseError("network XML without name or UUID");
  const mtu = attr(child(element, "mtu"), "size");
  return {
    uuid,
    name,
    forward: readForward(child(element, "forward")),
    bridge: readBridge(child(element, "bridge")),
    mac: attr(child(element, "mac"), "address"),
    mtu: mtu === undefined ? undefined : whole(mtu, "mtu"),
    ...(child(element, "bandwidth") ? { limited: true as const } : {}),
    domain: attr(child(element, "domain"), "name"),
    virtualport: attr(child(element, "virtualport"), "type"),
    vlan: tags(element),
    portgroups: childrenOf(element, "portgroup").map((group) => ({
      name: attr(group, "name") ?? "",
      default: attr(group, "default") === "yes",
      vlan: tags(group),
      virtualport: attr(child(group, "virtualport"), "type"),
    })),
    ips: childrenOf(element, "ip").map(readIp),
  };
}

/** dnsmasq lets no host name with white space through, so the columns of this table are safe to split. "-" is an empty one. */
function readLease(line: string): Lease {
  const match =
    /^ *(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) +([0-9a-f:]+) +(ipv4|ipv6) +([0-9a-f.:]+)\/(\d{1,3}) +(\S+) +(\S+) *$/.exec(
      line,
    );
  const [, expiry, mac, protocol, address, prefix, hostname, clientId] = match ?? [];
  if (!expiry || !mac || !address || !prefix) throw new ParseError(`no lease: ${JSON.stringify(line.slice(0, 120))}`);
  return {
    expiry,
    mac,
    protocol: protocol === "ipv6" ? "ipv6" : "ipv4",
    address,
    prefix: Number(prefix),
    hostname: hostname === "-" ? undefined : hostname,
    clientId: clientId === "-" ? undefined : clientId,
  };
}

/** Each active network's table ends with `=UUID=`. An error in its place means that libvirt cannot tell (a network without DHCP of libvirt's). */
function leasesOf(item: Item): Map<string, Lease[] | undefined> {
  const pieces = hostText(item.bytes).split(/=([0-9a-f-]{36})=/);
  const found = new Map<string, Lease[] | undefined>();
  for (let at = 0; at + 1 < pieces.length; at += 2) {
    const lines = textLines(pieces[at] ?? "").filter((line) => line.trim() !== "");
    found.set(pieces[at + 1] ?? "", lines.some((line) => line.startsWith("error:")) ? undefined : lines.map(readLease));
  }
  return found;
}

/**
 * libvirt's virtual networks with definition, state and DHCP leases.
 *
 * Sample (libvirt 9.0, shortened), item `xml`: `<network><name>default</name><uuid>e55b...</uuid><forward mode='nat'/><bridge name='virbr0' stp='on' delay='0'/>
 * <ip address='192.168.122.1' netmask='255.255.255.0'><dhcp><range start='192.168.122.2' end='192.168.122.254'/></dhcp></ip></network>`;
 * item `leases`: ` 2026-01-05 10:12:00   52:54:00:5b:00:09   ipv4   192.168.122.23/24   web   01:52:54:00:5b:00:09`
 */
export const probe = defineProbe({
  id: "libvirt-networks",
  title: { en: "Libvirt networks", zh: "libvirt 网络" },
  tier: "slow",
  rereadOn: { "virsh-event:guest": later },
  command: "virsh -r net-list --all; virsh -r net-dumpxml NETWORK; virsh -r net-dhcp-leases NETWORK",
  script: `${virshShell}first "net-list --all --uuid; echo =; net-list --uuid; echo =; net-list --all --autostart --uuid; echo =; net-list --all --persistent --uuid"
c=; for u in \${l%%=*}; do case $u in *[!0-9a-f-]*) exit 1 ;; esac; c="$c;net-dumpxml $u"; done
a=\${l#*=}; b=; for u in \${a%%=*}; do case $u in *[!0-9a-f-]*) exit 1 ;; esac; b="$b;net-dhcp-leases $u;echo =$u="; done
item list printf '%s\\n' "$l"
if [ -n "$c" ]; then item xml v "\${c#;}"; else item xml :; fi
leases() { v "\${b#;}" 2>&1; }
if [ -n "$b" ]; then item leases leases; else item leases :; fi`,
  privilege: "partial",
  timeoutMs: 20_000,
  maxBytes: 16_777_216,
  fact: z.array(Network),
  parse: (raw) => {
    const part = partsOf(raw, ["list", "xml", "leases"]);
    const [all = "", running = "", auto = "", kept = ""] = sections(hostText(part("list").bytes), 4);
    const active = new Set(uuids(textLines(running)));
    const autostart = new Set(uuids(textLines(auto)));
    const persistent = new Set(uuids(textLines(kept)));
    const leases = leasesOf(part("leases"));
    for (const uuid of active) if (!leases.has(uuid)) throw new ParseError(`no leases of the network ${uuid}`);
    const documents = new Map(
      parseXml(hostText(part("xml").bytes))
        .map(readNetwork)
        .map((network) => [network.uuid, network]),
    );
    return uuids(textLines(all)).map((uuid) => {
      const network = documents.get(uuid);
      if (!network) throw new ParseError(`no XML of the network ${uuid}`);
      return {
        ...network,
        active: active.has(uuid),
        autostart: autostart.has(uuid),
        persistent: persistent.has(uuid),
        leases: leases.get(uuid),
      };
    });
  },
  sources: ["https://libvirt.org/formatnetwork.html", "https://www.libvirt.org/manpages/virsh.html#net-dhcp-leases"],
  examples: [
    {
      name: "the default NAT network with one lease",
      stdout:
        printItem(
          "list",
          "e55b32f0-4215-4c07-8601-d9f17bb9e58c\n\n=e55b32f0-4215-4c07-8601-d9f17bb9e58c\n\n=e55b32f0-4215-4c07-8601-d9f17bb9e58c\n\n=e55b32f0-4215-4c07-8601-d9f17bb9e58c\n\n",
        ) +
        printItem(
          "xml",
          `<network>
  <name>default</name>
  <uuid>e55b32f0-4215-4c07-8601-d9f17bb9e58c</uuid>
  <forward mode='nat'>
    <nat>
      <port start='1024' end='65535'/>
    </nat>
  </forward>
  <bridge name='virbr0' stp='on' delay='0'/>
  <mac address='52:54:00:16:9f:57'/>
  <ip address='192.168.122.1' netmask='255.255.255.0'>
    <dhcp>
      <range start='192.168.122.2' end='192.168.122.254'/>
    </dhcp>
  </ip>
</network>
`,
        ) +
        printItem(
          "leases",
          " 2026-01-05 10:12:00   52:54:00:5b:00:09   ipv4       192.168.122.23/24   web        01:52:54:00:5b:00:09\n\n=e55b32f0-4215-4c07-8601-d9f17bb9e58c=",
        ),
      expect: [
        {
          uuid: "e55b32f0-4215-4c07-8601-d9f17bb9e58c",
          name: "default",
          active: true,
          autostart: true,
          persistent: true,
          forward: { mode: "nat", interfaces: [] },
          bridge: { name: "virbr0", stp: true, delay: 0 },
          mac: "52:54:00:16:9f:57",
          vlan: [],
          portgroups: [],
          ips: [
            {
              family: "ipv4",
              address: "192.168.122.1",
              prefix: 24,
              ranges: [{ start: "192.168.122.2", end: "192.168.122.254" }],
              hosts: [],
            },
          ],
          leases: [
            {
              expiry: "2026-01-05 10:12:00",
              mac: "52:54:00:5b:00:09",
              protocol: "ipv4",
              address: "192.168.122.23",
              prefix: 24,
              hostname: "web",
              clientId: "01:52:54:00:5b:00:09",
            },
          ],
        },
      ],
    },
  ],
});
