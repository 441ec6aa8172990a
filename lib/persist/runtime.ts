import { commandsOf } from "../changes/change";
import type { Manager } from "./define";

/** What runs now: it holds at once, for whatever is changed, and is gone after a reboot unless the program behind it keeps it. */
export const manager: Manager = {
  steps: (change) => [commandsOf(change)],
};
