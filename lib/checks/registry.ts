// Made by scripts/registries.mjs from the files of this folder: do not edit.

import { check as addressOnMemberCheck } from "./addressing/address-on-member";
import { check as arpIncompleteCheck } from "./addressing/arp-incomplete";
import { check as gatewayMissingCheck } from "./addressing/gateway-missing";
import { check as bondDownCheck } from "./bond/bond-down";
import { check as bondMemberDownCheck } from "./bond/bond-member-down";
import { check as bridgeDownCheck } from "./bridge/bridge-down";
import { check as bridgeNoUplinkCheck } from "./bridge/bridge-no-uplink";
import { check as mtuMismatchCheck } from "./bridge/mtu-mismatch";
import type { Check } from "./define";
import { check as nicAdminDownCheck } from "./physical/nic-admin-down";
import { check as nicNoCarrierCheck } from "./physical/nic-no-carrier";
import { check as macDuplicateCheck } from "./tap/mac-duplicate";
import { check as macInvalidCheck } from "./tap/mac-invalid";
import { check as tapDownCheck } from "./tap/tap-down";
import { check as tapNotEnslavedCheck } from "./tap/tap-not-enslaved";

export const checks: readonly Check[] = [
  addressOnMemberCheck,
  arpIncompleteCheck,
  gatewayMissingCheck,
  bondDownCheck,
  bondMemberDownCheck,
  bridgeDownCheck,
  bridgeNoUplinkCheck,
  mtuMismatchCheck,
  nicAdminDownCheck,
  nicNoCarrierCheck,
  macDuplicateCheck,
  macInvalidCheck,
  tapDownCheck,
  tapNotEnslavedCheck,
];
