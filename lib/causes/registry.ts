// Made by scripts/registries.mjs from the files of this folder: do not edit.
import type { CauseRule } from "./define";
import { rule as cutSilencesNeighbourRule } from "./cut-silences-neighbour";
import { rule as cutTakesRoutedWayRule } from "./cut-takes-routed-way";
import { rule as deafGuestIsSilentRule } from "./deaf-guest-is-silent";
import { rule as dhcpLeavesGuestBareRule } from "./dhcp-leaves-guest-bare";
import { rule as downTakesDefaultRouteRule } from "./down-takes-default-route";
import { rule as driverTakesMemberRule } from "./driver-takes-member";
import { rule as duplicateExplainsMacChangeRule } from "./duplicate-explains-mac-change";
import { rule as duplicateMovesAddressRule } from "./duplicate-moves-address";
import { rule as flappingLosesCarrierRule } from "./flapping-loses-carrier";
import { rule as fullTableSilencesRule } from "./full-table-silences";
import { rule as handedOverTakesMemberRule } from "./handed-over-takes-member";
import { rule as icmpRuleMutesGatewayRule } from "./icmp-rule-mutes-gateway";
import { rule as lightExplainsLinkRule } from "./light-explains-link";
import { rule as loopFillsLogRule } from "./loop-fills-log";
import { rule as loopMovesAddressesRule } from "./loop-moves-addresses";
import { rule as narrowMemberDiffersRule } from "./narrow-member-differs";
import { rule as natPutsOffSubnetRule } from "./nat-puts-off-subnet";
import { rule as nicDegradesOvsBondRule } from "./nic-degrades-ovs-bond";
import { rule as nicTakesBondMemberRule } from "./nic-takes-bond-member";
import { rule as nicsTakeBondRule } from "./nics-take-bond";
import { rule as noKvmEmulatesGuestsRule } from "./no-kvm-emulates-guests";
import { rule as offSubnetMeetsNatRulesRule } from "./off-subnet-meets-nat-rules";
import { rule as ovsSilencesGatewayRule } from "./ovs-silences-gateway";
import { rule as parentTakesVlanRule } from "./parent-takes-vlan";
import { rule as ruleSilencesNeighbourRule } from "./rule-silences-neighbour";
import { rule as saturationStarvesRule } from "./saturation-starves";
import { rule as scriptLeavesTapRule } from "./script-leaves-tap";
import { rule as silentGatewayRule } from "./silent-gateway";
import { rule as slowMemberDiffersRule } from "./slow-member-differs";
import { rule as stormDrownsGuestsRule } from "./storm-drowns-guests";
import { rule as switchSilencesVlanRule } from "./switch-silences-vlan";
import { rule as unsafeModeReturnsFramesRule } from "./unsafe-mode-returns-frames";
import { rule as wrongBridgeSplitsSegmentRule } from "./wrong-bridge-splits-segment";
import { rule as wrongSwitchSplitsAggregateRule } from "./wrong-switch-splits-aggregate";

export const rules: readonly CauseRule[] = [
  cutSilencesNeighbourRule,
  cutTakesRoutedWayRule,
  deafGuestIsSilentRule,
  dhcpLeavesGuestBareRule,
  downTakesDefaultRouteRule,
  driverTakesMemberRule,
  duplicateExplainsMacChangeRule,
  duplicateMovesAddressRule,
  flappingLosesCarrierRule,
  fullTableSilencesRule,
  handedOverTakesMemberRule,
  icmpRuleMutesGatewayRule,
  lightExplainsLinkRule,
  loopFillsLogRule,
  loopMovesAddressesRule,
  narrowMemberDiffersRule,
  natPutsOffSubnetRule,
  nicDegradesOvsBondRule,
  nicTakesBondMemberRule,
  nicsTakeBondRule,
  noKvmEmulatesGuestsRule,
  offSubnetMeetsNatRulesRule,
  ovsSilencesGatewayRule,
  parentTakesVlanRule,
  ruleSilencesNeighbourRule,
  saturationStarvesRule,
  scriptLeavesTapRule,
  silentGatewayRule,
  slowMemberDiffersRule,
  stormDrownsGuestsRule,
  switchSilencesVlanRule,
  unsafeModeReturnsFramesRule,
  wrongBridgeSplitsSegmentRule,
  wrongSwitchSplitsAggregateRule,
];
