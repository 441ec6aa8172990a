// Made by scripts/registries.mjs from the files of this folder: do not edit.
import type { Remedy } from "./define";
import { remedy as enslaveRemedy } from "./enslave";
import { remedy as setUpRemedy } from "./set-up";

export const remedies: readonly Remedy[] = [enslaveRemedy, setUpRemedy];
