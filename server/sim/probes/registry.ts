// Made by scripts/registries.mjs from the files of this folder: do not edit.
import { printer as arpOwnersPrinter } from "./arp-owners";
import { printer as bondPrinter } from "./bond";
import { printer as bridgeFdbPrinter } from "./bridge-fdb";
import { printer as bridgeLinkPrinter } from "./bridge-link";
import { printer as bridgeMdbPrinter } from "./bridge-mdb";
import { printer as bridgeVlanPrinter } from "./bridge-vlan";
import { printer as clockPrinter } from "./clock";
import { printer as dhcpAnswersPrinter } from "./dhcp-answers";
import { printer as ethtoolPrinter } from "./ethtool";
import { printer as firewallFrontendPrinter } from "./firewall-frontend";
import { printer as gatewayPingPrinter } from "./gateway-ping";
import { printer as identityPrinter } from "./identity";
import { printer as ipAddrPrinter } from "./ip-addr";
import { printer as ipLinkPrinter } from "./ip-link";
import { printer as ipNeighPrinter } from "./ip-neigh";
import { printer as ipRoutePrinter } from "./ip-route";
import { printer as ipRulePrinter } from "./ip-rule";
import { printer as iptablesPrinter } from "./iptables";
import { printer as kernelLogPrinter } from "./kernel-log";
import { printer as libvirtDomainsPrinter } from "./libvirt-domains";
import { printer as libvirtIfaddrPrinter } from "./libvirt-ifaddr";
import { printer as libvirtNetworksPrinter } from "./libvirt-networks";
import { printer as libvirtNwfiltersPrinter } from "./libvirt-nwfilters";
import { printer as libvirtStatePrinter } from "./libvirt-state";
import { printer as lldpPrinter } from "./lldp";
import { printer as managersPrinter } from "./managers";
import { printer as netConfigPrinter } from "./net-config";
import { printer as netnsPrinter } from "./netns";
import { printer as nftPrinter } from "./nft";
import { printer as ovsFlowsPrinter } from "./ovs-flows";
import { printer as ovsPrinter } from "./ovs";
import { printer as pciNetPrinter } from "./pci-net";
import { printer as qemuLogPrinter } from "./qemu-log";
import { printer as qemuProcPrinter } from "./qemu-proc";
import { printer as resourcesPrinter } from "./resources";
import { printer as securityLogPrinter } from "./security-log";
import { printer as socketsPrinter } from "./sockets";
import { printer as sysctlPrinter } from "./sysctl";
import { printer as sysfsNetPrinter } from "./sysfs-net";
import { printer as tcPrinter } from "./tc";
import { printer as unitsPrinter } from "./units";
import { printer as uplinkArpPrinter } from "./uplink-arp";
import { printer as virtSupportPrinter } from "./virt-support";

export const printers = {
  "arp-owners": arpOwnersPrinter,
  "bond": bondPrinter,
  "bridge-fdb": bridgeFdbPrinter,
  "bridge-link": bridgeLinkPrinter,
  "bridge-mdb": bridgeMdbPrinter,
  "bridge-vlan": bridgeVlanPrinter,
  "clock": clockPrinter,
  "dhcp-answers": dhcpAnswersPrinter,
  "ethtool": ethtoolPrinter,
  "firewall-frontend": firewallFrontendPrinter,
  "gateway-ping": gatewayPingPrinter,
  "identity": identityPrinter,
  "ip-addr": ipAddrPrinter,
  "ip-link": ipLinkPrinter,
  "ip-neigh": ipNeighPrinter,
  "ip-route": ipRoutePrinter,
  "ip-rule": ipRulePrinter,
  "iptables": iptablesPrinter,
  "kernel-log": kernelLogPrinter,
  "libvirt-domains": libvirtDomainsPrinter,
  "libvirt-ifaddr": libvirtIfaddrPrinter,
  "libvirt-networks": libvirtNetworksPrinter,
  "libvirt-nwfilters": libvirtNwfiltersPrinter,
  "libvirt-state": libvirtStatePrinter,
  "lldp": lldpPrinter,
  "managers": managersPrinter,
  "net-config": netConfigPrinter,
  "netns": netnsPrinter,
  "nft": nftPrinter,
  "ovs-flows": ovsFlowsPrinter,
  "ovs": ovsPrinter,
  "pci-net": pciNetPrinter,
  "qemu-log": qemuLogPrinter,
  "qemu-proc": qemuProcPrinter,
  "resources": resourcesPrinter,
  "security-log": securityLogPrinter,
  "sockets": socketsPrinter,
  "sysctl": sysctlPrinter,
  "sysfs-net": sysfsNetPrinter,
  "tc": tcPrinter,
  "units": unitsPrinter,
  "uplink-arp": uplinkArpPrinter,
  "virt-support": virtSupportPrinter,
} as const;
