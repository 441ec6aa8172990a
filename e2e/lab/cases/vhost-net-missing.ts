import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "vhost-net-missing",
  check: "vhost-net-missing",
  base: "bond",
  story: "vhost_net was taken out, and its device node went with it",
  async inject(lab) {
    await lab.hv("modprobe -r vhost_net; rm -f /dev/vhost-net");
  },
  shows: "test ! -e /dev/vhost-net",
  expect: { subjects: [/^host\//], impacts: [], alsoAllowed: [] },
  async heal(lab) {
    await lab.hv("modprobe vhost_net");
    await lab.waitHv("the device is back", "test -e /dev/vhost-net");
  },
});
