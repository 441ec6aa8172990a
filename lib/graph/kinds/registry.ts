// Made by scripts/registries.mjs from the files of this folder: do not edit.
import { kind as bondKind } from "./bond";
import { kind as bridgeKind } from "./bridge";
import { kind as gatewayKind } from "./gateway";
import { kind as hostKind } from "./host";
import { kind as macvtapKind } from "./macvtap";
import { kind as netnsKind } from "./netns";
import { kind as nicKind } from "./nic";
import { kind as otherLinkKind } from "./other-link";
import { kind as ovsBridgeKind } from "./ovs-bridge";
import { kind as ovsPortKind } from "./ovs-port";
import { kind as switchPortKind } from "./switch-port";
import { kind as tapKind } from "./tap";
import { kind as vethKind } from "./veth";
import { kind as vlanKind } from "./vlan";
import { kind as vmKind } from "./vm";
import { kind as vnicKind } from "./vnic";
import { kind as vxlanKind } from "./vxlan";

export const kinds = {
  "bond": bondKind,
  "bridge": bridgeKind,
  "gateway": gatewayKind,
  "host": hostKind,
  "macvtap": macvtapKind,
  "netns": netnsKind,
  "nic": nicKind,
  "other-link": otherLinkKind,
  "ovs-bridge": ovsBridgeKind,
  "ovs-port": ovsPortKind,
  "switch-port": switchPortKind,
  "tap": tapKind,
  "veth": vethKind,
  "vlan": vlanKind,
  "vm": vmKind,
  "vnic": vnicKind,
  "vxlan": vxlanKind,
} as const;
