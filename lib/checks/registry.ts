// Made by scripts/registries.mjs from the files of this folder: do not edit.
import type { Check } from "./define";
import { check as addressDuplicateCheck } from "./addressing/address-duplicate";
import { check as addressOnMemberCheck } from "./addressing/address-on-member";
import { check as arpIncompleteCheck } from "./addressing/arp-incomplete";
import { check as arpSpoofingCheck } from "./addressing/arp-spoofing";
import { check as arpSysctlCheck } from "./addressing/arp-sysctl";
import { check as dhcpPoolExhaustedCheck } from "./addressing/dhcp-pool-exhausted";
import { check as dhcpRogueCheck } from "./addressing/dhcp-rogue";
import { check as dhcpServerDownCheck } from "./addressing/dhcp-server-down";
import { check as forwardingOffCheck } from "./addressing/forwarding-off";
import { check as gatewayMissingCheck } from "./addressing/gateway-missing";
import { check as gatewayOffSubnetCheck } from "./addressing/gateway-off-subnet";
import { check as gatewayUnreachableCheck } from "./addressing/gateway-unreachable";
import { check as guestNoAddressCheck } from "./addressing/guest-no-address";
import { check as guestOffSubnetCheck } from "./addressing/guest-off-subnet";
import { check as icmpIgnoredCheck } from "./addressing/icmp-ignored";
import { check as natRuleMissingCheck } from "./addressing/nat-rule-missing";
import { check as networkInactiveCheck } from "./addressing/network-inactive";
import { check as pathMtuBlackholeCheck } from "./addressing/path-mtu-blackhole";
import { check as routeChurnCheck } from "./addressing/route-churn";
import { check as rpFilterDropsCheck } from "./addressing/rp-filter-drops";
import { check as subnetOverlapCheck } from "./addressing/subnet-overlap";
import { check as bondDownCheck } from "./bond/bond-down";
import { check as bondLacpFailedCheck } from "./bond/bond-lacp-failed";
import { check as bondMemberDownCheck } from "./bond/bond-member-down";
import { check as bondMemberMissingCheck } from "./bond/bond-member-missing";
import { check as bondMembersDifferCheck } from "./bond/bond-members-differ";
import { check as bondModeUnsafeCheck } from "./bond/bond-mode-unsafe";
import { check as bondUnmonitoredCheck } from "./bond/bond-unmonitored";
import { check as bridgeDownCheck } from "./bridge/bridge-down";
import { check as bridgeLoopCheck } from "./bridge/bridge-loop";
import { check as bridgeMacUnstableCheck } from "./bridge/bridge-mac-unstable";
import { check as bridgeNetfilterDropCheck } from "./bridge/bridge-netfilter-drop";
import { check as bridgeNoUplinkCheck } from "./bridge/bridge-no-uplink";
import { check as bridgePortBlockedCheck } from "./bridge/bridge-port-blocked";
import { check as bridgePortFlagsCheck } from "./bridge/bridge-port-flags";
import { check as bridgeStpDelayCheck } from "./bridge/bridge-stp-delay";
import { check as bridgeVlanMissingCheck } from "./bridge/bridge-vlan-missing";
import { check as broadcastStormCheck } from "./bridge/broadcast-storm";
import { check as fdbGuestOnUplinkCheck } from "./bridge/fdb-guest-on-uplink";
import { check as fdbStaticWrongCheck } from "./bridge/fdb-static-wrong";
import { check as mtuMismatchCheck } from "./bridge/mtu-mismatch";
import { check as multicastNoQuerierCheck } from "./bridge/multicast-no-querier";
import { check as bridgeFilterDropsCheck } from "./filtering/bridge-filter-drops";
import { check as firewallDropsIcmpCheck } from "./filtering/firewall-drops-icmp";
import { check as firewallDropsPathCheck } from "./filtering/firewall-drops-path";
import { check as firewallFrontendCheck } from "./filtering/firewall-frontend";
import { check as macAllowlistCheck } from "./filtering/mac-allowlist";
import { check as clockSkewCheck } from "./host/clock-skew";
import { check as conntrackFullCheck } from "./host/conntrack-full";
import { check as domainNotRunningCheck } from "./host/domain-not-running";
import { check as hostCpuSaturatedCheck } from "./host/host-cpu-saturated";
import { check as hostMemoryPressureCheck } from "./host/host-memory-pressure";
import { check as kernelNetErrorsCheck } from "./host/kernel-net-errors";
import { check as kvmUnavailableCheck } from "./host/kvm-unavailable";
import { check as libvirtDownCheck } from "./host/libvirt-down";
import { check as managersConflictCheck } from "./host/managers-conflict";
import { check as neighbourTableOverflowCheck } from "./host/neighbour-table-overflow";
import { check as securityModuleDeniedCheck } from "./host/security-module-denied";
import { check as servicesFailedCheck } from "./host/services-failed";
import { check as softnetDropsCheck } from "./host/softnet-drops";
import { check as tunMissingCheck } from "./host/tun-missing";
import { check as vhostNetMissingCheck } from "./host/vhost-net-missing";
import { check as ovsBondDegradedCheck } from "./ovs/ovs-bond-degraded";
import { check as ovsDownCheck } from "./ovs/ovs-down";
import { check as ovsFlowDropsCheck } from "./ovs/ovs-flow-drops";
import { check as ovsNoUplinkCheck } from "./ovs/ovs-no-uplink";
import { check as ovsPortErrorCheck } from "./ovs/ovs-port-error";
import { check as ovsSecureNoFlowsCheck } from "./ovs/ovs-secure-no-flows";
import { check as ovsStpBlockedCheck } from "./ovs/ovs-stp-blocked";
import { check as ovsTagMismatchCheck } from "./ovs/ovs-tag-mismatch";
import { check as cablingChangedCheck } from "./physical/cabling-changed";
import { check as foreignMacDroppedCheck } from "./physical/foreign-mac-dropped";
import { check as linkSaturatedCheck } from "./physical/link-saturated";
import { check as lldpVlanMismatchCheck } from "./physical/lldp-vlan-mismatch";
import { check as nicAdminDownCheck } from "./physical/nic-admin-down";
import { check as nicDriverMissingCheck } from "./physical/nic-driver-missing";
import { check as nicErrorsRisingCheck } from "./physical/nic-errors-rising";
import { check as nicFlappingCheck } from "./physical/nic-flapping";
import { check as nicNoCarrierCheck } from "./physical/nic-no-carrier";
import { check as nicRingOverrunCheck } from "./physical/nic-ring-overrun";
import { check as nicSpeedMismatchCheck } from "./physical/nic-speed-mismatch";
import { check as offloadTroubleCheck } from "./physical/offload-trouble";
import { check as opticPowerLowCheck } from "./physical/optic-power-low";
import { check as vfMisconfiguredCheck } from "./physical/vf-misconfigured";
import { check as datapathProgramCheck } from "./tap/datapath-program";
import { check as ifupBrokenCheck } from "./tap/ifup-broken";
import { check as macDuplicateCheck } from "./tap/mac-duplicate";
import { check as macInvalidCheck } from "./tap/mac-invalid";
import { check as macvtapHostIsolationCheck } from "./tap/macvtap-host-isolation";
import { check as nwfilterBlocksCheck } from "./tap/nwfilter-blocks";
import { check as tapDownCheck } from "./tap/tap-down";
import { check as tapNoProcessCheck } from "./tap/tap-no-process";
import { check as tapNotEnslavedCheck } from "./tap/tap-not-enslaved";
import { check as tapTxDropsCheck } from "./tap/tap-tx-drops";
import { check as tapWrongBridgeCheck } from "./tap/tap-wrong-bridge";
import { check as vnicLinkDownCheck } from "./tap/vnic-link-down";
import { check as vnicModelSlowCheck } from "./tap/vnic-model-slow";
import { check as vnicOnNatCheck } from "./tap/vnic-on-nat";
import { check as vlanParentDownCheck } from "./vlan/vlan-parent-down";
import { check as vlanSegmentSplitCheck } from "./vlan/vlan-segment-split";
import { check as vlanSilentCheck } from "./vlan/vlan-silent";
import { check as vxlanUnderlayCheck } from "./vlan/vxlan-underlay";

export const checks: readonly Check[] = [
  addressDuplicateCheck,
  addressOnMemberCheck,
  arpIncompleteCheck,
  arpSpoofingCheck,
  arpSysctlCheck,
  dhcpPoolExhaustedCheck,
  dhcpRogueCheck,
  dhcpServerDownCheck,
  forwardingOffCheck,
  gatewayMissingCheck,
  gatewayOffSubnetCheck,
  gatewayUnreachableCheck,
  guestNoAddressCheck,
  guestOffSubnetCheck,
  icmpIgnoredCheck,
  natRuleMissingCheck,
  networkInactiveCheck,
  pathMtuBlackholeCheck,
  routeChurnCheck,
  rpFilterDropsCheck,
  subnetOverlapCheck,
  bondDownCheck,
  bondLacpFailedCheck,
  bondMemberDownCheck,
  bondMemberMissingCheck,
  bondMembersDifferCheck,
  bondModeUnsafeCheck,
  bondUnmonitoredCheck,
  bridgeDownCheck,
  bridgeLoopCheck,
  bridgeMacUnstableCheck,
  bridgeNetfilterDropCheck,
  bridgeNoUplinkCheck,
  bridgePortBlockedCheck,
  bridgePortFlagsCheck,
  bridgeStpDelayCheck,
  bridgeVlanMissingCheck,
  broadcastStormCheck,
  fdbGuestOnUplinkCheck,
  fdbStaticWrongCheck,
  mtuMismatchCheck,
  multicastNoQuerierCheck,
  bridgeFilterDropsCheck,
  firewallDropsIcmpCheck,
  firewallDropsPathCheck,
  firewallFrontendCheck,
  macAllowlistCheck,
  clockSkewCheck,
  conntrackFullCheck,
  domainNotRunningCheck,
  hostCpuSaturatedCheck,
  hostMemoryPressureCheck,
  kernelNetErrorsCheck,
  kvmUnavailableCheck,
  libvirtDownCheck,
  managersConflictCheck,
  neighbourTableOverflowCheck,
  securityModuleDeniedCheck,
  servicesFailedCheck,
  softnetDropsCheck,
  tunMissingCheck,
  vhostNetMissingCheck,
  ovsBondDegradedCheck,
  ovsDownCheck,
  ovsFlowDropsCheck,
  ovsNoUplinkCheck,
  ovsPortErrorCheck,
  ovsSecureNoFlowsCheck,
  ovsStpBlockedCheck,
  ovsTagMismatchCheck,
  cablingChangedCheck,
  foreignMacDroppedCheck,
  linkSaturatedCheck,
  lldpVlanMismatchCheck,
  nicAdminDownCheck,
  nicDriverMissingCheck,
  nicErrorsRisingCheck,
  nicFlappingCheck,
  nicNoCarrierCheck,
  nicRingOverrunCheck,
  nicSpeedMismatchCheck,
  offloadTroubleCheck,
  opticPowerLowCheck,
  vfMisconfiguredCheck,
  datapathProgramCheck,
  ifupBrokenCheck,
  macDuplicateCheck,
  macInvalidCheck,
  macvtapHostIsolationCheck,
  nwfilterBlocksCheck,
  tapDownCheck,
  tapNoProcessCheck,
  tapNotEnslavedCheck,
  tapTxDropsCheck,
  tapWrongBridgeCheck,
  vnicLinkDownCheck,
  vnicModelSlowCheck,
  vnicOnNatCheck,
  vlanParentDownCheck,
  vlanSegmentSplitCheck,
  vlanSilentCheck,
  vxlanUnderlayCheck,
];
