import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "security-module-denied",
  check: "security-module-denied",
  base: "bond",
  story: "the log says that AppArmor denied web-01's QEMU its tap",
  async inject(lab) {
    await lab.hv(
      `echo '<5>audit: type=1400 audit(1767607920.123:45): apparmor="DENIED" operation="open" class="file" profile="libvirt-5b000000-0000-4000-8000-000000000001" name="/dev/net/tun" pid=871 comm="qemu-system-x86" requested_mask="wr" denied_mask="wr" fsuid=64055 ouid=0' >/dev/kmsg`,
    );
  },
  shows: "dmesg | grep -q 'apparmor=\"DENIED\"'",
  expect: { subjects: ["vm/web-01"], impacts: [], alsoAllowed: [] },
  async heal(lab) {
    await lab.hv("dmesg -C");
  },
});
