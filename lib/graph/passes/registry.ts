// Made by scripts/registries.mjs from the files of this folder: do not edit.
import type { Pass } from "../pass";
import { pass as bondsPass } from "./bonds";
import { pass as bridgesPass } from "./bridges";
import { pass as detailsPass } from "./details";
import { pass as expectedPass } from "./expected";
import { pass as gatewaysPass } from "./gateways";
import { pass as guestsPass } from "./guests";
import { pass as hostPass } from "./host";
import { pass as linksPass } from "./links";
import { pass as lldpPass } from "./lldp";
import { pass as macvtapsPass } from "./macvtaps";
import { pass as netnsPass } from "./netns";
import { pass as ovsPass } from "./ovs";
import { pass as pciFunctionsPass } from "./pci-functions";
import { pass as routedPass } from "./routed";
import { pass as tapsPass } from "./taps";
import { pass as vethsPass } from "./veths";
import { pass as vlansPass } from "./vlans";
import { pass as vxlansPass } from "./vxlans";

export const passes: readonly Pass[] = [
  bondsPass,
  bridgesPass,
  detailsPass,
  expectedPass,
  gatewaysPass,
  guestsPass,
  hostPass,
  linksPass,
  lldpPass,
  macvtapsPass,
  netnsPass,
  ovsPass,
  pciFunctionsPass,
  routedPass,
  tapsPass,
  vethsPass,
  vlansPass,
  vxlansPass,
];
