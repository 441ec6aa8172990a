import { defineCase } from "../cases";
import { labCase as broken } from "./ifup-broken";

export const labCase = defineCase({
  id: "ifup-broken-tap-loose",
  check: "ifup-broken",
  base: "plain",
  story: "/etc/qemu-ifup lost its right to be executed, and web-01's TAP is on no bridge, as after a start without it",
  async inject(lab) {
    await broken.inject(lab);
    await lab.hv("ip link set tap-web-01 nomaster");
  },
  shows: `${broken.shows} && ! ip -o link show tap-web-01 | grep -q master`,
  expect: { subjects: ["vm/web-01"], impacts: ["web-01"], alsoAllowed: ["tap-not-enslaved"] },
  async heal(lab) {
    await broken.heal(lab);
    await lab.hv("ip link set tap-web-01 master br0");
  },
});
