import { z } from "zod";
import { defineProbe, ParseError } from "./define";
import { later, shortly } from "./delays";
import { hostText, printItem } from "./items";
import { domainStates, parseDomstats, sections, stateOf, uuids, virshShell } from "./libvirt";
import { partsOf, textLines, whole } from "./parts";
import { attr, child, childrenOf, type Element, parseXml } from "./xml";

const Parameter = z.object({ name: z.string(), value: z.string() });

/** One `<interface>` of a domain. Names follow libvirt's XML. */
export const DomainInterface = z.object({
  /** bridge, network, direct, ethernet, user, hostdev, vhostuser, internal, vdpa... */
  type: z.string(),
  mac: z.string().optional(),
  /** `network`'s bridge is named too while the domain runs. `dev` and `mode` belong to type direct; `path` to vhostuser. */
  source: z.object({
    bridge: z.string().optional(),
    network: z.string().optional(),
    portgroup: z.string().optional(),
    dev: z.string().optional(),
    mode: z.string().optional(),
    path: z.string().optional(),
    /** Type hostdev: PCI address of the function, 0000:03:10.1. */
    pci: z.string().optional(),
  }),
  /** Name of the TAP or macvtap on the host; missing while the domain is off. */
  target: z.string().optional(),
  /** virtio, e1000, e1000e, rtl8139... libvirt's default (rtl8139 on x86) where missing. */
  model: z.string().optional(),
  /** vhost or qemu. */
  driver: z.string().optional(),
  queues: z.number().optional(),
  /** The virtual cable. */
  link: z.enum(["up", "down"]),
  mtu: z.number().optional(),
  /** `trunk` yes: tags pass tagged. No: the port is access, its one tag is set and taken off for the guest. */
  vlan: z
    .object({
      trunk: z.boolean(),
      tags: z.array(z.object({ id: z.number(), nativeMode: z.string().optional() })),
    })
    .optional(),
  /** type openvswitch, 802.1Qbg...; parameters such as interfaceid. */
  virtualport: z.object({ type: z.string().optional(), parameters: z.array(Parameter) }).optional(),
  filterref: z.object({ filter: z.string(), parameters: z.array(Parameter) }).optional(),
  /** It has a `<bandwidth>`: libvirt limits its rate by tc rules of its own. */
  limited: z.literal(true).optional(),
  /** Linux bridge port isolation. */
  isolated: z.boolean(),
  /** Alias of the device, e.g. net0: the id that QEMU's monitor knows. */
  alias: z.string().optional(),
});
export type DomainInterface = z.infer<typeof DomainInterface>;

export const Domain = z.object({
  uuid: z.string(),
  name: z.string(),
  title: z.string().optional(),
  /** Number while it runs. */
  id: z.number().optional(),
  /** kvm: with hardware support. qemu: emulated. */
  type: z.string(),
  /** As of this reading; `libvirt-state` has it fresher. Missing where libvirt gave none. */
  state: z.enum(domainStates).optional(),
  reason: z.string().optional(),
  autostart: z.boolean(),
  persistent: z.boolean(),
  arch: z.string().optional(),
  machine: z.string().optional(),
  emulator: z.string().optional(),
  interfaces: z.array(DomainInterface),
  /** PCI functions handed to the guest (`<hostdev>`), as 0000:03:10.1. */
  hostdevs: z.array(z.string()),
});
export type Domain = z.infer<typeof Domain>;

function parameters(element: Element): z.output<typeof Parameter>[] {
  return childrenOf(element, "parameter").map((entry) => ({
    name: attr(entry, "name") ?? "",
    value: attr(entry, "value") ?? "",
  }));
}

/** `<virtualport>` carries its parameters as attributes of one `<parameters>`. */
function virtualport(element: Element | undefined): DomainInterface["virtualport"] {
  if (!element) return undefined;
  const found = [...(child(element, "parameters")?.attributes ?? [])];
  return { type: attr(element, "type"), parameters: found.map(([name, value]) => ({ name, value })) };
}

function pciAddress(address: Element | undefined): string | undefined {
  if (attr(address, "type") !== undefined && attr(address, "type") !== "pci") return undefined;
  const digits = (name: string, width: number) => attr(address, name)?.replace(/^0x/, "").padStart(width, "0");
  const [domain, bus, slot, fn] = [digits("domain", 4), digits("bus", 2), digits("slot", 2), digits("function", 1)];
  return bus && slot && fn ? `${domain ?? "0000"}:${bus}:${slot}.${fn}` : undefined;
}

function vlan(element: Element | undefined): DomainInterface["vlan"] {
  if (!element) return undefined;
  const tags = childrenOf(element, "tag").map((tag) => ({
    id: whole(attr(tag, "id"), "vlan tag"),
    nativeMode: attr(tag, "nativeMode"),
  }));
  return { trunk: attr(element, "trunk") === "yes" || tags.length > 1, tags };
}

function readInterface(element: Element): DomainInterface {
  const source = child(element, "source");
  const driver = child(element, "driver");
  const filter = child(element, "filterref");
  const filterName = attr(filter, "filter");
  const mtu = attr(child(element, "mtu"), "size");
  const queues = attr(driver, "queues");
  return {
    type: attr(element, "type") ?? "",
    mac: attr(child(element, "mac"), "address")?.toLowerCase(),
    source: {
      bridge: attr(source, "bridge"),
      network: attr(source, "network"),
      portgroup: attr(source, "portgroup"),
      dev: attr(source, "dev"),
      mode: attr(source, "mode"),
      path: attr(source, "path"),
      pci: pciAddress(child(source, "address")),
    },
    target: attr(child(element, "target"), "dev"),
    model: attr(child(element, "model"), "type"),
    driver: attr(driver, "name"),
    queues: queues === undefined ? undefined : whole(queues, "queues"),
    link: attr(child(element, "link"), "state") === "down" ? "down" : "up",
    mtu: mtu === undefined ? undefined : whole(mtu, "mtu"),
    vlan: vlan(child(element, "vlan")),
    virtualport: virtualport(child(element, "virtualport")),
    filterref: filter && filterName !== undefined ? { filter: filterName, parameters: parameters(filter) } : undefined,
    ...(child(element, "bandwidth") ? { limited: true as const } : {}),
    isolated: attr(child(element, "port"), "isolated") === "yes",
    alias: attr(child(element, "alias"), "name"),
  };
}

/** What one `<domain>` document says by itself. Throws ParseError where its name, UUID or type is missing. */
function readDomain(element: Element) {
  const uuid = child(element, "uuid")?.text.trim();
  const name = child(element, "name")?.text;
  const type = attr(element, "type");
  if (element.name !== "domain" || !uuid || !name || !type)
    throw new ParseError("domain XML without name, UUID or type");
  const id = attr(element, "id");
  const os = child(element, "os", "type");
  const devices = child(element, "devices");
  return {
    uuid,
    name,
    title: child(element, "title")?.text,
    id: id === undefined ? undefined : whole(id, "domain id"),
    type,
    arch: attr(os, "arch"),
    machine: attr(os, "machine"),
    emulator: child(devices, "emulator")?.text,
    interfaces: childrenOf(devices, "interface").map(readInterface),
    hostdevs: childrenOf(devices, "hostdev").flatMap((dev) => {
      const pci = attr(dev, "type") === "pci" ? pciAddress(child(dev, "source", "address")) : undefined;
      return pci ? [pci] : [];
    }),
  };
}

/**
 * All libvirt domains, running or not, with their XML. Slow tier: libvirt writes several kB of XML a domain. State and new TAP names come with
 * `libvirt-state` at every sweep. One virsh call asks for all documents; a domain that is undefined meanwhile makes the reading garbled, and the next one whole.
 *
 * Sample (libvirt 9.0, shortened), item `xml`:
 * `<domain type='qemu' id='1'><name>web-01</name><uuid>5b00...</uuid>...<devices><interface type='bridge'><mac address='52:54:00:5b:00:01'/>
 * <source bridge='br0'/><target dev='vnet0'/><model type='virtio'/><alias name='net0'/>...</interface>...</devices></domain>`
 */
export const probe = defineProbe({
  id: "libvirt-domains",
  title: { en: "Libvirt guests", zh: "libvirt 虚拟机" },
  tier: "slow",
  // Somebody who moves a guest's NIC will have told libvirt first: it has no event for that, and its old word would accuse the new place.
  rereadOn: { "ip-monitor:come-or-gone": later, "ip-monitor:moved": later, "virsh-event:guest": shortly },
  command: "virsh -r list --all; virsh -r dumpxml DOMAIN",
  script: `${virshShell}first "list --all --uuid; echo =; list --all --autostart --uuid; echo =; list --all --persistent --uuid; echo =; domstats --state"
c=; for u in \${l%%=*}; do case $u in *[!0-9a-f-]*) exit 1 ;; esac; c="$c;dumpxml $u"; done
item list printf '%s\\n' "$l"
if [ -n "$c" ]; then item xml v "\${c#;}"; else item xml :; fi`,
  privilege: "partial",
  timeoutMs: 30_000,
  maxBytes: 67_108_864,
  fact: z.array(Domain),
  parse: (raw) => {
    const part = partsOf(raw, ["list", "xml"]);
    const [all = "", auto = "", kept = "", stat = ""] = sections(hostText(part("list").bytes), 4);
    const autostart = new Set(uuids(textLines(auto)));
    const persistent = new Set(uuids(textLines(kept)));
    const stats = new Map(parseDomstats(textLines(stat)).map((block) => [block.name, block]));
    const documents = new Map(
      parseXml(hostText(part("xml").bytes))
        .map(readDomain)
        .map((domain) => [domain.uuid, domain]),
    );
    return uuids(textLines(all)).map((uuid) => {
      const domain = documents.get(uuid);
      if (!domain) throw new ParseError(`no XML of the domain ${uuid}`);
      return {
        ...domain,
        ...stateOf(stats.get(domain.name)),
        autostart: autostart.has(uuid),
        persistent: persistent.has(uuid),
      };
    });
  },
  sources: [
    "https://libvirt.org/formatdomain.html#network-interfaces",
    "https://www.libvirt.org/manpages/virsh.html#dumpxml",
  ],
  examples: [
    {
      name: "a running guest on a bridge",
      stdout:
        printItem(
          "list",
          "5b000000-0000-4000-8000-000000000001\n\n=\n=5b000000-0000-4000-8000-000000000001\n\n=Domain: 'web-01'\n  state.state=1\n  state.reason=1\n",
        ) +
        printItem(
          "xml",
          `<domain type='qemu' id='1'>
  <name>web-01</name>
  <uuid>5b000000-0000-4000-8000-000000000001</uuid>
  <memory unit='KiB'>131072</memory>
  <os>
    <type arch='x86_64' machine='pc-i440fx-7.2'>hvm</type>
  </os>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <interface type='bridge'>
      <mac address='52:54:00:5b:00:01'/>
      <source bridge='br0'/>
      <target dev='vnet0'/>
      <model type='virtio'/>
      <alias name='net0'/>
      <address type='pci' domain='0x0000' bus='0x00' slot='0x02' function='0x0'/>
    </interface>
  </devices>
</domain>
`,
        ),
      expect: [
        {
          uuid: "5b000000-0000-4000-8000-000000000001",
          name: "web-01",
          id: 1,
          type: "qemu",
          state: "running",
          reason: "booted",
          autostart: false,
          persistent: true,
          arch: "x86_64",
          machine: "pc-i440fx-7.2",
          emulator: "/usr/bin/qemu-system-x86_64",
          interfaces: [
            {
              type: "bridge",
              mac: "52:54:00:5b:00:01",
              source: { bridge: "br0" },
              target: "vnet0",
              model: "virtio",
              link: "up",
              isolated: false,
              alias: "net0",
            },
          ],
          hostdevs: [],
        },
      ],
    },
    {
      name: "every kind of interface, shut off",
      stdout:
        printItem(
          "list",
          "11111111-2222-3333-4444-555555555555\n\n=11111111-2222-3333-4444-555555555555\n\n=11111111-2222-3333-4444-555555555555\n\n=Domain: 'a'b &<'\n  state.state=3\n  state.reason=5\n",
        ) +
        printItem(
          "xml",
          `<domain type='kvm'>
  <name>a'b &amp;&lt;</name>
  <uuid>11111111-2222-3333-4444-555555555555</uuid>
  <title>&#x8bd5; test</title>
  <metadata><x:y xmlns:x='urn:x'><![CDATA[</domain>]]></x:y></metadata>
  <devices>
    <interface type='network'>
      <mac address='52:54:00:AA:00:01'/>
      <source network='default' portgroup='blue'/>
      <model type='e1000'/>
      <link state='down'/>
      <mtu size='9000'/>
      <filterref filter='clean-traffic'>
        <parameter name='IP' value='192.0.2.5'/>
      </filterref>
    </interface>
    <interface type='direct' trustGuestRxFilters='yes'>
      <source dev='eno1' mode='vepa'/>
      <driver name='vhost' queues='4'/>
    </interface>
    <interface type='bridge'>
      <source bridge='ovsbr'/>
      <virtualport type='openvswitch'>
        <parameters interfaceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f'/>
      </virtualport>
      <vlan trunk='yes'>
        <tag id='42' nativeMode='untagged'/>
        <tag id='47'/>
      </vlan>
      <port isolated='yes'/>
    </interface>
    <interface type='hostdev' managed='yes'>
      <source>
        <address type='pci' domain='0x0000' bus='0x03' slot='0x10' function='0x1'/>
      </source>
    </interface>
    <hostdev mode='subsystem' type='pci' managed='yes'>
      <source>
        <address domain='0x0000' bus='0x04' slot='0x00' function='0x0'/>
      </source>
    </hostdev>
  </devices>
</domain>
`,
        ),
      expect: [
        {
          uuid: "11111111-2222-3333-4444-555555555555",
          name: "a'b &<",
          title: "试 test",
          type: "kvm",
          state: "paused",
          reason: "I/O error",
          autostart: true,
          persistent: true,
          interfaces: [
            {
              type: "network",
              mac: "52:54:00:aa:00:01",
              source: { network: "default", portgroup: "blue" },
              model: "e1000",
              link: "down",
              mtu: 9000,
              filterref: { filter: "clean-traffic", parameters: [{ name: "IP", value: "192.0.2.5" }] },
              isolated: false,
            },
            {
              type: "direct",
              source: { dev: "eno1", mode: "vepa" },
              driver: "vhost",
              queues: 4,
              link: "up",
              isolated: false,
            },
            {
              type: "bridge",
              source: { bridge: "ovsbr" },
              link: "up",
              virtualport: {
                type: "openvswitch",
                parameters: [{ name: "interfaceid", value: "09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f" }],
              },
              vlan: { trunk: true, tags: [{ id: 42, nativeMode: "untagged" }, { id: 47 }] },
              isolated: true,
            },
            { type: "hostdev", source: { pci: "0000:03:10.1" }, link: "up", isolated: false },
          ],
          hostdevs: ["0000:04:00.0"],
        },
      ],
    },
  ],
});
