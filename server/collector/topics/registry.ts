// Made by scripts/registries.mjs from the files of this folder: do not edit.
import { source as fleetSource } from "./fleet";
import { source as hostSource } from "./host";
import { source as jobSource } from "./job";
import { source as problemsSource } from "./problems";
import { source as segmentsSource } from "./segments";

export const sources = {
  "fleet": fleetSource,
  "host": hostSource,
  "job": jobSource,
  "problems": problemsSource,
  "segments": segmentsSource,
} as const;
