// Made by scripts/registries.mjs from the files of this folder: do not edit.
import type { CheckExamples } from "./define";
import { examples as addressDuplicate } from "./addressing/address-duplicate.examples";
import { examples as addressOnMember } from "./addressing/address-on-member.examples";
import { examples as arpIncomplete } from "./addressing/arp-incomplete.examples";
import { examples as arpSpoofing } from "./addressing/arp-spoofing.examples";
import { examples as arpSysctl } from "./addressing/arp-sysctl.examples";
import { examples as dhcpPoolExhausted } from "./addressing/dhcp-pool-exhausted.examples";
import { examples as dhcpRogue } from "./addressing/dhcp-rogue.examples";
import { examples as dhcpServerDown } from "./addressing/dhcp-server-down.examples";
import { examples as forwardingOff } from "./addressing/forwarding-off.examples";
import { examples as gatewayMissing } from "./addressing/gateway-missing.examples";
import { examples as gatewayOffSubnet } from "./addressing/gateway-off-subnet.examples";
import { examples as gatewayUnreachable } from "./addressing/gateway-unreachable.examples";
import { examples as guestNoAddress } from "./addressing/guest-no-address.examples";
import { examples as guestOffSubnet } from "./addressing/guest-off-subnet.examples";
import { examples as icmpIgnored } from "./addressing/icmp-ignored.examples";
import { examples as natRuleMissing } from "./addressing/nat-rule-missing.examples";
import { examples as networkInactive } from "./addressing/network-inactive.examples";
import { examples as pathMtuBlackhole } from "./addressing/path-mtu-blackhole.examples";
import { examples as routeChurn } from "./addressing/route-churn.examples";
import { examples as rpFilterDrops } from "./addressing/rp-filter-drops.examples";
import { examples as subnetOverlap } from "./addressing/subnet-overlap.examples";
import { examples as bondDown } from "./bond/bond-down.examples";
import { examples as bondLacpFailed } from "./bond/bond-lacp-failed.examples";
import { examples as bondMemberDown } from "./bond/bond-member-down.examples";
import { examples as bondMemberMissing } from "./bond/bond-member-missing.examples";
import { examples as bondMembersDiffer } from "./bond/bond-members-differ.examples";
import { examples as bondModeUnsafe } from "./bond/bond-mode-unsafe.examples";
import { examples as bondUnmonitored } from "./bond/bond-unmonitored.examples";
import { examples as bridgeDown } from "./bridge/bridge-down.examples";
import { examples as bridgeLoop } from "./bridge/bridge-loop.examples";
import { examples as bridgeMacUnstable } from "./bridge/bridge-mac-unstable.examples";
import { examples as bridgeNetfilterDrop } from "./bridge/bridge-netfilter-drop.examples";
import { examples as bridgeNoUplink } from "./bridge/bridge-no-uplink.examples";
import { examples as bridgePortBlocked } from "./bridge/bridge-port-blocked.examples";
import { examples as bridgePortFlags } from "./bridge/bridge-port-flags.examples";
import { examples as bridgeStpDelay } from "./bridge/bridge-stp-delay.examples";
import { examples as bridgeVlanMissing } from "./bridge/bridge-vlan-missing.examples";
import { examples as broadcastStorm } from "./bridge/broadcast-storm.examples";
import { examples as fdbGuestOnUplink } from "./bridge/fdb-guest-on-uplink.examples";
import { examples as fdbStaticWrong } from "./bridge/fdb-static-wrong.examples";
import { examples as mtuMismatch } from "./bridge/mtu-mismatch.examples";
import { examples as multicastNoQuerier } from "./bridge/multicast-no-querier.examples";
import { examples as bridgeFilterDrops } from "./filtering/bridge-filter-drops.examples";
import { examples as firewallDropsIcmp } from "./filtering/firewall-drops-icmp.examples";
import { examples as firewallDropsPath } from "./filtering/firewall-drops-path.examples";
import { examples as firewallFrontend } from "./filtering/firewall-frontend.examples";
import { examples as macAllowlist } from "./filtering/mac-allowlist.examples";
import { examples as clockSkew } from "./host/clock-skew.examples";
import { examples as conntrackFull } from "./host/conntrack-full.examples";
import { examples as domainNotRunning } from "./host/domain-not-running.examples";
import { examples as hostCpuSaturated } from "./host/host-cpu-saturated.examples";
import { examples as hostMemoryPressure } from "./host/host-memory-pressure.examples";
import { examples as kernelNetErrors } from "./host/kernel-net-errors.examples";
import { examples as kvmUnavailable } from "./host/kvm-unavailable.examples";
import { examples as libvirtDown } from "./host/libvirt-down.examples";
import { examples as managersConflict } from "./host/managers-conflict.examples";
import { examples as neighbourTableOverflow } from "./host/neighbour-table-overflow.examples";
import { examples as securityModuleDenied } from "./host/security-module-denied.examples";
import { examples as servicesFailed } from "./host/services-failed.examples";
import { examples as softnetDrops } from "./host/softnet-drops.examples";
import { examples as tunMissing } from "./host/tun-missing.examples";
import { examples as vhostNetMissing } from "./host/vhost-net-missing.examples";
import { examples as ovsBondDegraded } from "./ovs/ovs-bond-degraded.examples";
import { examples as ovsDown } from "./ovs/ovs-down.examples";
import { examples as ovsFlowDrops } from "./ovs/ovs-flow-drops.examples";
import { examples as ovsNoUplink } from "./ovs/ovs-no-uplink.examples";
import { examples as ovsPortError } from "./ovs/ovs-port-error.examples";
import { examples as ovsSecureNoFlows } from "./ovs/ovs-secure-no-flows.examples";
import { examples as ovsStpBlocked } from "./ovs/ovs-stp-blocked.examples";
import { examples as ovsTagMismatch } from "./ovs/ovs-tag-mismatch.examples";
import { examples as cablingChanged } from "./physical/cabling-changed.examples";
import { examples as foreignMacDropped } from "./physical/foreign-mac-dropped.examples";
import { examples as linkSaturated } from "./physical/link-saturated.examples";
import { examples as lldpVlanMismatch } from "./physical/lldp-vlan-mismatch.examples";
import { examples as nicAdminDown } from "./physical/nic-admin-down.examples";
import { examples as nicDriverMissing } from "./physical/nic-driver-missing.examples";
import { examples as nicErrorsRising } from "./physical/nic-errors-rising.examples";
import { examples as nicFlapping } from "./physical/nic-flapping.examples";
import { examples as nicNoCarrier } from "./physical/nic-no-carrier.examples";
import { examples as nicRingOverrun } from "./physical/nic-ring-overrun.examples";
import { examples as nicSpeedMismatch } from "./physical/nic-speed-mismatch.examples";
import { examples as offloadTrouble } from "./physical/offload-trouble.examples";
import { examples as opticPowerLow } from "./physical/optic-power-low.examples";
import { examples as vfMisconfigured } from "./physical/vf-misconfigured.examples";
import { examples as datapathProgram } from "./tap/datapath-program.examples";
import { examples as ifupBroken } from "./tap/ifup-broken.examples";
import { examples as macDuplicate } from "./tap/mac-duplicate.examples";
import { examples as macInvalid } from "./tap/mac-invalid.examples";
import { examples as macvtapHostIsolation } from "./tap/macvtap-host-isolation.examples";
import { examples as nwfilterBlocks } from "./tap/nwfilter-blocks.examples";
import { examples as tapDown } from "./tap/tap-down.examples";
import { examples as tapNoProcess } from "./tap/tap-no-process.examples";
import { examples as tapNotEnslaved } from "./tap/tap-not-enslaved.examples";
import { examples as tapTxDrops } from "./tap/tap-tx-drops.examples";
import { examples as tapWrongBridge } from "./tap/tap-wrong-bridge.examples";
import { examples as vnicLinkDown } from "./tap/vnic-link-down.examples";
import { examples as vnicModelSlow } from "./tap/vnic-model-slow.examples";
import { examples as vnicOnNat } from "./tap/vnic-on-nat.examples";
import { examples as vlanParentDown } from "./vlan/vlan-parent-down.examples";
import { examples as vlanSegmentSplit } from "./vlan/vlan-segment-split.examples";
import { examples as vlanSilent } from "./vlan/vlan-silent.examples";
import { examples as vxlanUnderlay } from "./vlan/vxlan-underlay.examples";

/** For tests alone: no page and no process loads them. */
export const examplesOf: ReadonlyMap<string, CheckExamples> = new Map([
  ["address-duplicate", addressDuplicate],
  ["address-on-member", addressOnMember],
  ["arp-incomplete", arpIncomplete],
  ["arp-spoofing", arpSpoofing],
  ["arp-sysctl", arpSysctl],
  ["dhcp-pool-exhausted", dhcpPoolExhausted],
  ["dhcp-rogue", dhcpRogue],
  ["dhcp-server-down", dhcpServerDown],
  ["forwarding-off", forwardingOff],
  ["gateway-missing", gatewayMissing],
  ["gateway-off-subnet", gatewayOffSubnet],
  ["gateway-unreachable", gatewayUnreachable],
  ["guest-no-address", guestNoAddress],
  ["guest-off-subnet", guestOffSubnet],
  ["icmp-ignored", icmpIgnored],
  ["nat-rule-missing", natRuleMissing],
  ["network-inactive", networkInactive],
  ["path-mtu-blackhole", pathMtuBlackhole],
  ["route-churn", routeChurn],
  ["rp-filter-drops", rpFilterDrops],
  ["subnet-overlap", subnetOverlap],
  ["bond-down", bondDown],
  ["bond-lacp-failed", bondLacpFailed],
  ["bond-member-down", bondMemberDown],
  ["bond-member-missing", bondMemberMissing],
  ["bond-members-differ", bondMembersDiffer],
  ["bond-mode-unsafe", bondModeUnsafe],
  ["bond-unmonitored", bondUnmonitored],
  ["bridge-down", bridgeDown],
  ["bridge-loop", bridgeLoop],
  ["bridge-mac-unstable", bridgeMacUnstable],
  ["bridge-netfilter-drop", bridgeNetfilterDrop],
  ["bridge-no-uplink", bridgeNoUplink],
  ["bridge-port-blocked", bridgePortBlocked],
  ["bridge-port-flags", bridgePortFlags],
  ["bridge-stp-delay", bridgeStpDelay],
  ["bridge-vlan-missing", bridgeVlanMissing],
  ["broadcast-storm", broadcastStorm],
  ["fdb-guest-on-uplink", fdbGuestOnUplink],
  ["fdb-static-wrong", fdbStaticWrong],
  ["mtu-mismatch", mtuMismatch],
  ["multicast-no-querier", multicastNoQuerier],
  ["bridge-filter-drops", bridgeFilterDrops],
  ["firewall-drops-icmp", firewallDropsIcmp],
  ["firewall-drops-path", firewallDropsPath],
  ["firewall-frontend", firewallFrontend],
  ["mac-allowlist", macAllowlist],
  ["clock-skew", clockSkew],
  ["conntrack-full", conntrackFull],
  ["domain-not-running", domainNotRunning],
  ["host-cpu-saturated", hostCpuSaturated],
  ["host-memory-pressure", hostMemoryPressure],
  ["kernel-net-errors", kernelNetErrors],
  ["kvm-unavailable", kvmUnavailable],
  ["libvirt-down", libvirtDown],
  ["managers-conflict", managersConflict],
  ["neighbour-table-overflow", neighbourTableOverflow],
  ["security-module-denied", securityModuleDenied],
  ["services-failed", servicesFailed],
  ["softnet-drops", softnetDrops],
  ["tun-missing", tunMissing],
  ["vhost-net-missing", vhostNetMissing],
  ["ovs-bond-degraded", ovsBondDegraded],
  ["ovs-down", ovsDown],
  ["ovs-flow-drops", ovsFlowDrops],
  ["ovs-no-uplink", ovsNoUplink],
  ["ovs-port-error", ovsPortError],
  ["ovs-secure-no-flows", ovsSecureNoFlows],
  ["ovs-stp-blocked", ovsStpBlocked],
  ["ovs-tag-mismatch", ovsTagMismatch],
  ["cabling-changed", cablingChanged],
  ["foreign-mac-dropped", foreignMacDropped],
  ["link-saturated", linkSaturated],
  ["lldp-vlan-mismatch", lldpVlanMismatch],
  ["nic-admin-down", nicAdminDown],
  ["nic-driver-missing", nicDriverMissing],
  ["nic-errors-rising", nicErrorsRising],
  ["nic-flapping", nicFlapping],
  ["nic-no-carrier", nicNoCarrier],
  ["nic-ring-overrun", nicRingOverrun],
  ["nic-speed-mismatch", nicSpeedMismatch],
  ["offload-trouble", offloadTrouble],
  ["optic-power-low", opticPowerLow],
  ["vf-misconfigured", vfMisconfigured],
  ["datapath-program", datapathProgram],
  ["ifup-broken", ifupBroken],
  ["mac-duplicate", macDuplicate],
  ["mac-invalid", macInvalid],
  ["macvtap-host-isolation", macvtapHostIsolation],
  ["nwfilter-blocks", nwfilterBlocks],
  ["tap-down", tapDown],
  ["tap-no-process", tapNoProcess],
  ["tap-not-enslaved", tapNotEnslaved],
  ["tap-tx-drops", tapTxDrops],
  ["tap-wrong-bridge", tapWrongBridge],
  ["vnic-link-down", vnicLinkDown],
  ["vnic-model-slow", vnicModelSlow],
  ["vnic-on-nat", vnicOnNat],
  ["vlan-parent-down", vlanParentDown],
  ["vlan-segment-split", vlanSegmentSplit],
  ["vlan-silent", vlanSilent],
  ["vxlan-underlay", vxlanUnderlay],
]);
