import { defineCase } from "../cases";
import { labCase as outside } from "./fdb-guest-on-uplink";
import { labCase as inside } from "./mac-duplicate";

export const labCase = defineCase({
  id: "mac-duplicate-outside",
  check: "mac-duplicate",
  base: "bond",
  story: "web-02 has a NIC with web-01's MAC, and a machine behind the switch sends with it too",
  async inject(lab) {
    await inside.inject(lab);
    await outside.inject(lab);
  },
  shows: inside.shows,
  expect: {
    subjects: inside.expect.subjects,
    impacts: [],
    mayImpact: ["web-01", "web-02"],
    alsoAllowed: [...inside.expect.alsoAllowed, ...outside.expect.alsoAllowed, "fdb-guest-on-uplink"],
  },
  async heal(lab) {
    await outside.heal(lab);
    await inside.heal(lab);
  },
});
