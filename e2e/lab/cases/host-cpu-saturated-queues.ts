import { defineCase } from "../cases";
import { labCase as saturated } from "./host-cpu-saturated";
import { labCase as drops } from "./softnet-drops";

export const labCase = defineCase({
  id: "host-cpu-saturated-queues",
  check: "host-cpu-saturated",
  base: "bond",
  story: "endless loops take every CPU while the receive queues take no second packet",
  async inject(lab) {
    await drops.inject(lab);
    await saturated.inject(lab);
  },
  shows: saturated.shows,
  expect: saturated.expect,
  async heal(lab) {
    await saturated.heal(lab);
    await drops.heal(lab);
  },
});
