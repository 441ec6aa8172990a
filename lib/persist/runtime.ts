import type { Manager } from "./define";

/** What runs now: it holds at once, for whatever is changed, and is gone after a reboot unless the program behind it keeps it. */
export const manager: Manager = {
  owns: ({ name }) => ({ en: `${name} is there now`, zh: `${name} 当前存在` }),
  steps: (change) => [{ change }],
};
