// Made by scripts/registries.mjs from the files of this folder: do not edit.
import type { z } from "zod";
import { probe as arpOwnersProbe } from "./arp-owners";
import { probe as bondProbe } from "./bond";
import { probe as bridgeFdbProbe } from "./bridge-fdb";
import { probe as bridgeLinkProbe } from "./bridge-link";
import { probe as bridgeMdbProbe } from "./bridge-mdb";
import { probe as bridgeVlanProbe } from "./bridge-vlan";
import { probe as clockProbe } from "./clock";
import { probe as dhcpAnswersProbe } from "./dhcp-answers";
import { probe as duplicateOwnersProbe } from "./duplicate-owners";
import { probe as ethtoolProbe } from "./ethtool";
import { probe as firewallFrontendProbe } from "./firewall-frontend";
import { probe as gatewayPingProbe } from "./gateway-ping";
import { probe as identityProbe } from "./identity";
import { probe as ipAddrProbe } from "./ip-addr";
import { probe as ipLinkProbe } from "./ip-link";
import { probe as ipNeighProbe } from "./ip-neigh";
import { probe as ipRouteProbe } from "./ip-route";
import { probe as ipRuleProbe } from "./ip-rule";
import { probe as iptablesProbe } from "./iptables";
import { probe as kernelLogProbe } from "./kernel-log";
import { probe as libvirtDomainsProbe } from "./libvirt-domains";
import { probe as libvirtIfaddrProbe } from "./libvirt-ifaddr";
import { probe as libvirtNetworksProbe } from "./libvirt-networks";
import { probe as libvirtNwfiltersProbe } from "./libvirt-nwfilters";
import { probe as libvirtStateProbe } from "./libvirt-state";
import { probe as lldpProbe } from "./lldp";
import { probe as managersProbe } from "./managers";
import { probe as netConfigProbe } from "./net-config";
import { probe as netnsProbe } from "./netns";
import { probe as nftProbe } from "./nft";
import { probe as ovsFlowsProbe } from "./ovs-flows";
import { probe as ovsProbe } from "./ovs";
import { probe as pciNetProbe } from "./pci-net";
import { probe as qemuLogProbe } from "./qemu-log";
import { probe as qemuProcProbe } from "./qemu-proc";
import { probe as resourcesProbe } from "./resources";
import { probe as securityLogProbe } from "./security-log";
import { probe as socketsProbe } from "./sockets";
import { probe as sysctlProbe } from "./sysctl";
import { probe as sysfsNetProbe } from "./sysfs-net";
import { probe as tcProbe } from "./tc";
import { probe as unitsProbe } from "./units";
import { probe as uplinkArpProbe } from "./uplink-arp";
import { probe as virtSupportProbe } from "./virt-support";

export const probes = {
  "arp-owners": arpOwnersProbe,
  "bond": bondProbe,
  "bridge-fdb": bridgeFdbProbe,
  "bridge-link": bridgeLinkProbe,
  "bridge-mdb": bridgeMdbProbe,
  "bridge-vlan": bridgeVlanProbe,
  "clock": clockProbe,
  "dhcp-answers": dhcpAnswersProbe,
  "duplicate-owners": duplicateOwnersProbe,
  "ethtool": ethtoolProbe,
  "firewall-frontend": firewallFrontendProbe,
  "gateway-ping": gatewayPingProbe,
  "identity": identityProbe,
  "ip-addr": ipAddrProbe,
  "ip-link": ipLinkProbe,
  "ip-neigh": ipNeighProbe,
  "ip-route": ipRouteProbe,
  "ip-rule": ipRuleProbe,
  "iptables": iptablesProbe,
  "kernel-log": kernelLogProbe,
  "libvirt-domains": libvirtDomainsProbe,
  "libvirt-ifaddr": libvirtIfaddrProbe,
  "libvirt-networks": libvirtNetworksProbe,
  "libvirt-nwfilters": libvirtNwfiltersProbe,
  "libvirt-state": libvirtStateProbe,
  "lldp": lldpProbe,
  "managers": managersProbe,
  "net-config": netConfigProbe,
  "netns": netnsProbe,
  "nft": nftProbe,
  "ovs-flows": ovsFlowsProbe,
  "ovs": ovsProbe,
  "pci-net": pciNetProbe,
  "qemu-log": qemuLogProbe,
  "qemu-proc": qemuProcProbe,
  "resources": resourcesProbe,
  "security-log": securityLogProbe,
  "sockets": socketsProbe,
  "sysctl": sysctlProbe,
  "sysfs-net": sysfsNetProbe,
  "tc": tcProbe,
  "units": unitsProbe,
  "uplink-arp": uplinkArpProbe,
  "virt-support": virtSupportProbe,
} as const;

export type Probes = typeof probes;
export type ProbeId = keyof Probes;
/** What the parser of a probe returns. */
export type FactOf<P extends ProbeId> = z.output<Probes[P]["fact"]>;
