import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "clock-skew",
  check: "clock-skew",
  base: "bond",
  story: "the host's clock is ninety seconds ahead",
  async inject(lab) {
    await lab.hv("date -s @$(($(date +%s) + 90)); touch /run/lab-skewed");
  },
  shows: "test -e /run/lab-skewed",
  expect: { subjects: [/^host\//], impacts: [], alsoAllowed: [] },
  async heal(lab) {
    await lab.hv("date -s @$(($(date +%s) - 90)); rm /run/lab-skewed");
  },
});
