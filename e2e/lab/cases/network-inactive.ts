import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "network-inactive",
  check: "network-inactive",
  base: "bond",
  story: "libvirt's default network was stopped",
  async inject(lab) {
    await lab.hv("virsh -q net-destroy default");
  },
  shows: "! virsh net-list --name | grep -qx default",
  expect: {
    subjects: [/^host\//],
    impacts: [],
    alsoAllowed: [],
  },
  async heal(lab) {
    await lab.hv("virsh -q net-start default");
  },
});
