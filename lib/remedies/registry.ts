// Made by scripts/registries.mjs from the files of this folder: do not edit.
import type { Remedy } from "./define";
import { remedy as enslaveRemedy } from "./enslave";
import { remedy as loadModuleRemedy } from "./load-module";
import { remedy as raiseLimitRemedy } from "./raise-limit";
import { remedy as restartUnitRemedy } from "./restart-unit";
import { remedy as setUpRemedy } from "./set-up";
import { remedy as startGuestRemedy } from "./start-guest";
import { remedy as unmanageRemedy } from "./unmanage";

export const remedies: readonly Remedy[] = [
  enslaveRemedy,
  loadModuleRemedy,
  raiseLimitRemedy,
  restartUnitRemedy,
  setUpRemedy,
  startGuestRemedy,
  unmanageRemedy,
];
