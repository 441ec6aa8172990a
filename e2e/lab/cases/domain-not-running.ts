import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "domain-not-running",
  check: "domain-not-running",
  base: "bond",
  story: "web-01, which starts by itself, was switched off",
  async inject(lab) {
    await lab.hv("virsh -q destroy web-01");
  },
  shows: "virsh domstate web-01 | grep -q 'shut off'",
  // It is off itself: nothing cuts it off.
  expect: { subjects: ["vm/web-01"], impacts: [], mayImpact: ["web-01"], alsoAllowed: ["arp-incomplete"] },
  async heal(lab) {
    await lab.hv("virsh -q start web-01");
  },
});
