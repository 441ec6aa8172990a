// Made by scripts/registries.mjs from the files of this folder: do not edit.
import { kind as bondOptionKind } from "./bond-option";
import { kind as bridgeOptionKind } from "./bridge-option";
import { kind as domainLinkKind } from "./domain-link";
import { kind as domainKind } from "./domain";
import { kind as fdbKind } from "./fdb";
import { kind as macAddressKind } from "./mac-address";
import { kind as managedKind } from "./managed";
import { kind as masterKind } from "./master";
import { kind as moduleKind } from "./module";
import { kind as mtuKind } from "./mtu";
import { kind as networkAutostartKind } from "./network-autostart";
import { kind as networkKind } from "./network";
import { kind as offloadKind } from "./offload";
import { kind as ovsFailModeKind } from "./ovs-fail-mode";
import { kind as ovsPortKind } from "./ovs-port";
import { kind as ovsVlanKind } from "./ovs-vlan";
import { kind as portOptionKind } from "./port-option";
import { kind as pvidKind } from "./pvid";
import { kind as ringKind } from "./ring";
import { kind as ruleKind } from "./rule";
import { kind as setElementKind } from "./set-element";
import { kind as sysctlKind } from "./sysctl";
import { kind as tapKind } from "./tap";
import { kind as unitKind } from "./unit";
import { kind as upKind } from "./up";
import { kind as vlanKind } from "./vlan";

export const kinds = {
  "bond-option": bondOptionKind,
  "bridge-option": bridgeOptionKind,
  "domain-link": domainLinkKind,
  "domain": domainKind,
  "fdb": fdbKind,
  "mac-address": macAddressKind,
  "managed": managedKind,
  "master": masterKind,
  "module": moduleKind,
  "mtu": mtuKind,
  "network-autostart": networkAutostartKind,
  "network": networkKind,
  "offload": offloadKind,
  "ovs-fail-mode": ovsFailModeKind,
  "ovs-port": ovsPortKind,
  "ovs-vlan": ovsVlanKind,
  "port-option": portOptionKind,
  "pvid": pvidKind,
  "ring": ringKind,
  "rule": ruleKind,
  "set-element": setElementKind,
  "sysctl": sysctlKind,
  "tap": tapKind,
  "unit": unitKind,
  "up": upKind,
  "vlan": vlanKind,
} as const;
