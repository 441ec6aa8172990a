import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "tun-missing",
  check: "tun-missing",
  base: "bond",
  story: "the device node of tun was deleted: guests that run go on, none can be started",
  async inject(lab) {
    await lab.hv("rm /dev/net/tun");
  },
  shows: "test ! -e /dev/net/tun",
  expect: { subjects: [/^host\//], impacts: [], alsoAllowed: [] },
  async heal(lab) {
    await lab.hv("mknod /dev/net/tun c 10 200; chmod 666 /dev/net/tun");
  },
});
