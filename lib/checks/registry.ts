// Made by scripts/registries.mjs from the files of this folder: do not edit.

import { check as bondMemberDownCheck } from "./bond/bond-member-down";
import type { Check } from "./define";
import { check as nicNoCarrierCheck } from "./physical/nic-no-carrier";

export const checks: readonly Check[] = [bondMemberDownCheck, nicNoCarrierCheck];
