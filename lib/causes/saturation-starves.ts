import type { CauseRule } from "./define";

/** Queues overflow because no CPU is free to empty them. */
export const rule: CauseRule = {
  id: "saturation-starves",
  cause: ["host-cpu-saturated"],
  effect: ["softnet-drops"],
  lab: { case: "host-cpu-saturated-queues" },
  links: () => true,
};
