// Made by scripts/registries.mjs from the files of this folder: do not edit.
import type { CauseRule } from "./define";
import { rule as cutSilencesNeighbourRule } from "./cut-silences-neighbour";
import { rule as downTakesDefaultRouteRule } from "./down-takes-default-route";
import { rule as nicTakesBondMemberRule } from "./nic-takes-bond-member";
import { rule as nicsTakeBondRule } from "./nics-take-bond";

export const rules: readonly CauseRule[] = [
  cutSilencesNeighbourRule,
  downTakesDefaultRouteRule,
  nicTakesBondMemberRule,
  nicsTakeBondRule,
];
