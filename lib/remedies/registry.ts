// Made by scripts/registries.mjs from the files of this folder: do not edit.
import type { Remedy } from "./define";
import { remedy as alignMtuRemedy } from "./align-mtu";
import { remedy as bridgeVlanRemedy } from "./bridge-vlan";
import { remedy as bridgedAllowRemedy } from "./bridged-allow";
import { remedy as bridgedOffRemedy } from "./bridged-off";
import { remedy as cutPortRemedy } from "./cut-port";
import { remedy as deleteTapRemedy } from "./delete-tap";
import { remedy as echoAllowRemedy } from "./echo-allow";
import { remedy as enableQuerierRemedy } from "./enable-querier";
import { remedy as enslaveMemberRemedy } from "./enslave-member";
import { remedy as enslaveRemedy } from "./enslave";
import { remedy as fdbEntryRemedy } from "./fdb-entry";
import { remedy as forwardAllowRemedy } from "./forward-allow";
import { remedy as growRingRemedy } from "./grow-ring";
import { remedy as loadModuleRemedy } from "./load-module";
import { remedy as lroOffRemedy } from "./lro-off";
import { remedy as macAllowRemedy } from "./mac-allow";
import { remedy as monitorBondRemedy } from "./monitor-bond";
import { remedy as movePortRemedy } from "./move-port";
import { remedy as ovsDeletePortRemedy } from "./ovs-delete-port";
import { remedy as ovsSetVlanRemedy } from "./ovs-set-vlan";
import { remedy as ovsStandaloneRemedy } from "./ovs-standalone";
import { remedy as pinBridgeMacRemedy } from "./pin-bridge-mac";
import { remedy as plugInRemedy } from "./plug-in";
import { remedy as portFlagRemedy } from "./port-flag";
import { remedy as raiseLimitRemedy } from "./raise-limit";
import { remedy as restartUnitRemedy } from "./restart-unit";
import { remedy as setSysctlRemedy } from "./set-sysctl";
import { remedy as setUpRemedy } from "./set-up";
import { remedy as shortenForwardDelayRemedy } from "./shorten-forward-delay";
import { remedy as startGuestRemedy } from "./start-guest";
import { remedy as startNetworkRemedy } from "./start-network";
import { remedy as unmanageRemedy } from "./unmanage";

export const remedies: readonly Remedy[] = [
  alignMtuRemedy,
  bridgeVlanRemedy,
  bridgedAllowRemedy,
  bridgedOffRemedy,
  cutPortRemedy,
  deleteTapRemedy,
  echoAllowRemedy,
  enableQuerierRemedy,
  enslaveMemberRemedy,
  enslaveRemedy,
  fdbEntryRemedy,
  forwardAllowRemedy,
  growRingRemedy,
  loadModuleRemedy,
  lroOffRemedy,
  macAllowRemedy,
  monitorBondRemedy,
  movePortRemedy,
  ovsDeletePortRemedy,
  ovsSetVlanRemedy,
  ovsStandaloneRemedy,
  pinBridgeMacRemedy,
  plugInRemedy,
  portFlagRemedy,
  raiseLimitRemedy,
  restartUnitRemedy,
  setSysctlRemedy,
  setUpRemedy,
  shortenForwardDelayRemedy,
  startGuestRemedy,
  startNetworkRemedy,
  unmanageRemedy,
];
