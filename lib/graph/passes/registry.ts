// Made by scripts/registries.mjs from the files of this folder: do not edit.
import type { Pass } from "../pass";
import { pass as bondsPass } from "./bonds";
import { pass as bridgesPass } from "./bridges";
import { pass as expectedPass } from "./expected";
import { pass as guestsPass } from "./guests";
import { pass as hostPass } from "./host";
import { pass as linksPass } from "./links";
import { pass as tapsPass } from "./taps";
import { pass as vethsPass } from "./veths";
import { pass as vlansPass } from "./vlans";
import { pass as vxlansPass } from "./vxlans";

export const passes: readonly Pass[] = [
  bondsPass,
  bridgesPass,
  expectedPass,
  guestsPass,
  hostPass,
  linksPass,
  tapsPass,
  vethsPass,
  vlansPass,
  vxlansPass,
];
