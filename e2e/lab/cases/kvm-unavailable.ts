import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "kvm-unavailable",
  check: "kvm-unavailable",
  base: "bond",
  story: "the KVM module was taken out: the host has no hardware virtualisation to offer",
  async inject(lab) {
    await lab.hv("modprobe -r kvm_amd kvm_intel 2>/dev/null || true; modprobe -r kvm; test ! -e /dev/kvm");
  },
  shows: "test ! -e /dev/kvm",
  // The lab's guests are emulated even when it is well, which their own findings say: the host's is the one that is new.
  expect: { subjects: [/^host\//], impacts: [], alsoAllowed: [] },
  async heal(lab) {
    await lab.hv("modprobe kvm_amd 2>/dev/null || modprobe kvm_intel");
    await lab.waitHv("the device is back", "test -e /dev/kvm");
  },
});
