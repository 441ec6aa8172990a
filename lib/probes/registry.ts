// Made by scripts/registries.mjs from the files of this folder: do not edit.
import type { z } from "zod";
import { probe as bondProbe } from "./bond";
import { probe as bridgeFdbProbe } from "./bridge-fdb";
import { probe as bridgeLinkProbe } from "./bridge-link";
import { probe as bridgeVlanProbe } from "./bridge-vlan";
import { probe as clockProbe } from "./clock";
import { probe as identityProbe } from "./identity";
import { probe as ipAddrProbe } from "./ip-addr";
import { probe as ipLinkProbe } from "./ip-link";
import { probe as ipNeighProbe } from "./ip-neigh";
import { probe as ipRouteProbe } from "./ip-route";
import { probe as ipRuleProbe } from "./ip-rule";
import { probe as libvirtDomainsProbe } from "./libvirt-domains";
import { probe as libvirtNetworksProbe } from "./libvirt-networks";
import { probe as libvirtStateProbe } from "./libvirt-state";
import { probe as lldpProbe } from "./lldp";
import { probe as netnsProbe } from "./netns";
import { probe as ovsProbe } from "./ovs";
import { probe as qemuProcProbe } from "./qemu-proc";
import { probe as sysfsNetProbe } from "./sysfs-net";

export const probes = {
  "bond": bondProbe,
  "bridge-fdb": bridgeFdbProbe,
  "bridge-link": bridgeLinkProbe,
  "bridge-vlan": bridgeVlanProbe,
  "clock": clockProbe,
  "identity": identityProbe,
  "ip-addr": ipAddrProbe,
  "ip-link": ipLinkProbe,
  "ip-neigh": ipNeighProbe,
  "ip-route": ipRouteProbe,
  "ip-rule": ipRuleProbe,
  "libvirt-domains": libvirtDomainsProbe,
  "libvirt-networks": libvirtNetworksProbe,
  "libvirt-state": libvirtStateProbe,
  "lldp": lldpProbe,
  "netns": netnsProbe,
  "ovs": ovsProbe,
  "qemu-proc": qemuProcProbe,
  "sysfs-net": sysfsNetProbe,
} as const;

export type Probes = typeof probes;
export type ProbeId = keyof Probes;
/** What the parser of a probe returns. */
export type FactOf<P extends ProbeId> = z.output<Probes[P]["fact"]>;
