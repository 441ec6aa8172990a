import { defineCase } from "../cases";
import { guests } from "../config";
import { waitFor } from "../run";

export const labCase = defineCase({
  id: "mac-duplicate",
  check: "mac-duplicate",
  base: "bond",
  story: "web-02 gets a second NIC with web-01's MAC and speaks from it: the bridge now sends web-01's frames there",
  async inject(lab) {
    await lab.hv([
      "virsh",
      "-q",
      "attach-interface",
      "web-02",
      "bridge",
      "br0",
      "--mac",
      guests["web-01"].mac,
      "--model",
      "virtio",
    ]);
    await lab.waitHv("the new TAP is on the bridge", "ip -o link show master br0 | grep -q vnet2");
    await waitFor(
      "web-02 sees its second NIC",
      async () => (await lab.guest("web-02", "ls /sys/class/net")).includes("eth1"),
      { timeoutMs: 60_000, everyMs: 500 },
    );
    // A frame a second with web-01's address as source, for two minutes: the two owners keep taking it from each other.
    await lab.guest(
      "web-02",
      "ip link set eth1 up; ip addr add 10.20.0.99/32 dev eth1; arping -q -c 120 -A -I eth1 10.20.0.99 >/dev/null 2>&1 &",
    );
    await lab.waitHv(
      "the bridge learned the address on the wrong port",
      `bridge fdb show dev vnet2 | grep -v permanent | grep -q ${guests["web-01"].mac}`,
    );
  },
  shows:
    'test "$(for vm in web-01 web-02; do virsh domiflist $vm; done | grep -c 52:54:00:5b:00:01)" = 2 && ip -o link show master br0 | grep -q vnet2',
  expect: {
    subjects: [/^(vnic|tap|vm)\/(web-01|web-02)(\/52:54:00:5b:00:01.*)?$/],
    impacts: [],
    mayImpact: ["web-01", "web-02"],
    alsoAllowed: ["address-duplicate", "kernel-net-errors", "bridge-loop"],
  },
  async heal(lab) {
    await lab.hv(["virsh", "-q", "detach-interface", "web-02", "bridge", "--mac", guests["web-01"].mac]);
    await lab.waitHv("the TAP is gone", "! ip link show vnet2", 60_000);
  },
});
