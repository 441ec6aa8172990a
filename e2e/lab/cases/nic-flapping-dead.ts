import { defineCase } from "../cases";
import { labCase as flapping } from "./nic-flapping";

export const labCase = defineCase({
  id: "nic-flapping-dead",
  check: "nic-flapping",
  base: "bond",
  story: "the cable of nic1 has a loose contact, and after five losses no link comes back",
  async inject(lab) {
    await flapping.inject(lab);
    await lab.setLink("nic1", false);
    await lab.waitHv("nic1 has no carrier", "grep -qx 0 /sys/class/net/nic1/carrier");
  },
  shows: `${flapping.shows} && grep -qx 0 /sys/class/net/nic1/carrier`,
  expect: flapping.expect,
  async heal(lab) {
    await lab.setLink("nic1", true);
    await flapping.heal(lab);
  },
});
