// Made by scripts/registries.mjs from the files of this folder: do not edit.
import type { Remedy } from "./define";
import { remedy as bridgedAllowRemedy } from "./bridged-allow";
import { remedy as deleteTapRemedy } from "./delete-tap";
import { remedy as echoAllowRemedy } from "./echo-allow";
import { remedy as enslaveRemedy } from "./enslave";
import { remedy as forwardAllowRemedy } from "./forward-allow";
import { remedy as growRingRemedy } from "./grow-ring";
import { remedy as loadModuleRemedy } from "./load-module";
import { remedy as macAllowRemedy } from "./mac-allow";
import { remedy as movePortRemedy } from "./move-port";
import { remedy as ovsDeletePortRemedy } from "./ovs-delete-port";
import { remedy as ovsSetVlanRemedy } from "./ovs-set-vlan";
import { remedy as ovsStandaloneRemedy } from "./ovs-standalone";
import { remedy as plugInRemedy } from "./plug-in";
import { remedy as raiseLimitRemedy } from "./raise-limit";
import { remedy as restartUnitRemedy } from "./restart-unit";
import { remedy as setSysctlRemedy } from "./set-sysctl";
import { remedy as setUpRemedy } from "./set-up";
import { remedy as startGuestRemedy } from "./start-guest";
import { remedy as startNetworkRemedy } from "./start-network";
import { remedy as unmanageRemedy } from "./unmanage";

export const remedies: readonly Remedy[] = [
  bridgedAllowRemedy,
  deleteTapRemedy,
  echoAllowRemedy,
  enslaveRemedy,
  forwardAllowRemedy,
  growRingRemedy,
  loadModuleRemedy,
  macAllowRemedy,
  movePortRemedy,
  ovsDeletePortRemedy,
  ovsSetVlanRemedy,
  ovsStandaloneRemedy,
  plugInRemedy,
  raiseLimitRemedy,
  restartUnitRemedy,
  setSysctlRemedy,
  setUpRemedy,
  startGuestRemedy,
  startNetworkRemedy,
  unmanageRemedy,
];
