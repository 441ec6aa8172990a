import { defineCase } from "../cases";

const units = "libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket libvirtd.service";

export const labCase = defineCase({
  id: "libvirt-down",
  check: "libvirt-down",
  base: "bond",
  story: "libvirtd and its sockets were stopped; the guests run on",
  async inject(lab) {
    await lab.hv(`systemctl stop ${units}`);
  },
  shows: "! systemctl is-active -q libvirtd.service && ! systemctl is-active -q libvirtd.socket",
  expect: { subjects: [/^host\//], impacts: [], alsoAllowed: [] },
  async heal(lab) {
    await lab.hv(`systemctl start ${units}`);
    // Started anew it reads all its objects first, which takes the emulated machine its time.
    await lab.waitHv("libvirtd answers", "virsh -q list >/dev/null", 60_000);
  },
});
