import { printItem } from "@/lib/probes/items";
import type { SimState } from "./model";
import { arpOwners, gatewayPing } from "./print/asked";
import { bridgeFdb, bridgeLink, bridgeMdb, bridgeVlan } from "./print/bridge";
import { managers, netConfig } from "./print/config";
import { ethtool } from "./print/ethtool";
import { iptables, nft } from "./print/firewall";
import { clock, identity, qemuProc } from "./print/identity";
import { ipAddr, ipLink, ipNeigh, ipRule, routes } from "./print/ip";
import { procBonding, sysfsNet } from "./print/kernel-files";
import { libvirtDomains, libvirtIfaddr, libvirtNetworks, libvirtState, qemuLog } from "./print/libvirt";
import { lldp } from "./print/lldp";
import { nwfilters } from "./print/nwfilters";
import { kernelLog, pciNet, resources, sockets, sysctl, units, virtSupport } from "./print/system";
import { tc } from "./print/tc";

/** What one probe prints on a simulated host; `exit` as the probe's script would end (127: no such tool). */
export interface Answer {
  readonly stdout: Buffer;
  readonly exit: number;
}

const ok = (text: string): Answer => ({ stdout: Buffer.from(text), exit: 0 });
const absent: Answer = { stdout: Buffer.alloc(0), exit: 127 };

/** Output made of items: names and contents as UTF-8 bytes, for that is what the lengths count. */
const bytes = (text: string) => Buffer.from(text).toString("latin1");
const items = (...parts: readonly (readonly [name: string, output: string, exit?: number])[]): Answer => ({
  stdout: Buffer.from(
    parts.map(([name, output, exit]) => printItem(bytes(name), bytes(output), exit)).join(""),
    "latin1",
  ),
  exit: 0,
});

interface Printer {
  print(state: SimState, now: number, uid: number): Answer;
  /** Prints counters or times: never cached. */
  readonly counts?: boolean;
}

/** By probe id: what its script would print, in the exact format of the tools that it calls. */
const printers: ReadonlyMap<string, Printer> = new Map<string, Printer>([
  ["ip-link", { print: (state, now) => ok(ipLink(state, now)), counts: true }],
  ["ip-addr", { print: (state) => ok(ipAddr(state)) }],
  ["ip-route", { print: (state) => items(["inet", JSON.stringify(routes(state, true))], ["inet6", "[]"]) }],
  ["ip-rule", { print: () => items(["inet", ipRule], ["inet6", "[]"]) }],
  ["ip-neigh", { print: (state) => items(["inet", ipNeigh(state)], ["inet6", "[]"]) }],
  ["bridge-link", { print: (state) => items(["ports", bridgeLink(state)]) }],
  ["bridge-fdb", { print: (state) => items(["fdb", bridgeFdb(state)]) }],
  ["bridge-mdb", { print: (state) => items(["mdb", bridgeMdb(state)]) }],
  ["bridge-vlan", { print: (state) => items(["vlans", bridgeVlan(state)]) }],
  ["bond", { print: (state) => items(["bonds", procBonding(state)]) }],
  ["identity", { print: (state, _now, uid) => items(...identity(state, uid)) }],
  ["clock", { print: (state, now) => items(...clock(state, now)), counts: true }],
  ["lldp", { print: (state) => items(["neighbours", lldp(state)]) }],
  ["netns", { print: () => items(["names", "[]"], ["links", ""], ["addresses", ""], ["unnamed", ""]) }],
  ["qemu-proc", { print: (state) => items(...qemuProc(state)) }],
  ["libvirt-domains", { print: (state, now) => items(...libvirtDomains(state, now)) }],
  ["libvirt-state", { print: (state, now) => items(...libvirtState(state, now)), counts: true }],
  ["libvirt-networks", { print: (state) => items(...libvirtNetworks(state)) }],
  ["libvirt-ifaddr", { print: (state) => items(...libvirtIfaddr(state)) }],
  ["libvirt-nwfilters", { print: () => items(...nwfilters()) }],
  ["qemu-log", { print: (state) => items(...qemuLog(state)) }],
  ["ethtool", { print: (state, now) => items(...ethtool(state, now)), counts: true }],
  ["units", { print: () => items(...units()) }],
  ["sysctl", { print: (state) => ok(sysctl(state)) }],
  ["kernel-log", { print: (state) => items(...kernelLog(state)) }],
  ["pci-net", { print: (state) => ok(pciNet(state)) }],
  ["virt-support", { print: () => items(...virtSupport()) }],
  ["resources", { print: (state, now) => ok(resources(state, now)), counts: true }],
  [
    "iptables",
    { print: () => items(["inet", iptables], ["inet6", ""], ["inet-legacy", "", 127], ["inet6-legacy", "", 127]) },
  ],
  ["tc", { print: (state, now) => items(...tc(state, now)), counts: true }],
  ["sockets", { print: (_state, _now, uid) => items(...sockets(uid)) }],
  ["managers", { print: (state) => items(...managers(state)) }],
  ["net-config", { print: (state) => items(...netConfig(state)) }],
  ["arp-owners", { print: (state) => items(...arpOwners(state)) }],
  ["gateway-ping", { print: (state) => items(...gatewayPing(state)) }],
  ["nft", { print: () => items(["ruleset", nft]) }],
  // Nobody has allowed these: the host's owner has made no such file.
  ["dhcp-answers", { print: () => items(["segments", "#end"]) }],
  ["uplink-arp", { print: () => items(["uplinks", "#end"]) }],
  ["sysfs-net", { print: (state) => ok(sysfsNet(state)) }],
]);

/** Ids of the probes that a simulated host has an answer for. */
export const answered: ReadonlySet<string> = new Set(printers.keys());

/** Ids of the probes whose tool a simulated host does not have, as many a real one does not, and why it is left out. */
export const notInstalled: ReadonlyMap<string, string> = new Map([
  ["firewall-frontend", "a plain Debian: neither ufw nor firewalld"],
  ["ovs", "its bridges are the kernel's"],
  ["ovs-flows", "its bridges are the kernel's"],
  ["security-log", "no auditd: denials would be in the kernel's log"],
]);

/** Answers probes from a state, and keeps what was printed until the state changes. */
export class Answers {
  private version = -1;
  private readonly kept = new Map<string, Answer>();

  constructor(
    private readonly machine: { readonly version: number; readonly state: SimState },
    private readonly uid: number,
  ) {}

  answer(probe: string, now: number): Answer {
    if (this.machine.version !== this.version) {
      this.kept.clear();
      this.version = this.machine.version;
    }
    const printer = printers.get(probe);
    if (printer === undefined) return absent;
    if (printer.counts) return printer.print(this.machine.state, now, this.uid);
    const known = this.kept.get(probe);
    if (known !== undefined) return known;
    const made = printer.print(this.machine.state, now, this.uid);
    this.kept.set(probe, made);
    return made;
  }
}
