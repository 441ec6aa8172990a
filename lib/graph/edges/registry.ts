// Made by scripts/registries.mjs from the files of this folder: do not edit.
import { kind as bondMemberKind } from "./bond-member";
import { kind as bridgePortKind } from "./bridge-port";
import { kind as gatewayKind } from "./gateway";
import { kind as lldpKind } from "./lldp";
import { kind as macvtapKind } from "./macvtap";
import { kind as ovsPortKind } from "./ovs-port";
import { kind as routedKind } from "./routed";
import { kind as sameSegmentKind } from "./same-segment";
import { kind as tapVnicKind } from "./tap-vnic";
import { kind as underlayKind } from "./underlay";
import { kind as uplinkKind } from "./uplink";
import { kind as vethPeerKind } from "./veth-peer";
import { kind as vlanParentKind } from "./vlan-parent";
import { kind as vnicVmKind } from "./vnic-vm";

export const kinds = {
  "bond-member": bondMemberKind,
  "bridge-port": bridgePortKind,
  "gateway": gatewayKind,
  "lldp": lldpKind,
  "macvtap": macvtapKind,
  "ovs-port": ovsPortKind,
  "routed": routedKind,
  "same-segment": sameSegmentKind,
  "tap-vnic": tapVnicKind,
  "underlay": underlayKind,
  "uplink": uplinkKind,
  "veth-peer": vethPeerKind,
  "vlan-parent": vlanParentKind,
  "vnic-vm": vnicVmKind,
} as const;
