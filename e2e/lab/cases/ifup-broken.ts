import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "ifup-broken",
  check: "ifup-broken",
  base: "plain",
  story: "/etc/qemu-ifup lost its right to be executed: the guests run on, their next start fails",
  async inject(lab) {
    await lab.hv("chmod 644 /etc/qemu-ifup");
  },
  shows: "! test -x /etc/qemu-ifup",
  expect: { subjects: ["vm/web-01", "vm/web-02"], impacts: [], alsoAllowed: [] },
  async heal(lab) {
    await lab.hv("chmod 755 /etc/qemu-ifup");
  },
});
