import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "dhcp-pool-exhausted",
  check: "dhcp-pool-exhausted",
  base: "nat",
  story: "the range was cut down to the two addresses that are leased",
  async inject(lab) {
    await lab.hv(
      "virsh -q net-update default delete ip-dhcp-host \"<host mac='52:54:00:5b:00:01' name='web-01' ip='192.168.122.11'/>\" --live",
    );
    await lab.hv(
      "virsh -q net-update default delete ip-dhcp-host \"<host mac='52:54:00:5b:00:02' name='web-02' ip='192.168.122.12'/>\" --live",
    );
    await lab.hv(
      "virsh -q net-update default delete ip-dhcp-range \"<range start='192.168.122.2' end='192.168.122.254'/>\" --live",
    );
    await lab.hv(
      "virsh -q net-update default add ip-dhcp-range \"<range start='192.168.122.11' end='192.168.122.12'/>\" --live",
    );
  },
  shows: "virsh net-dumpxml default | grep -q \"range start='192.168.122.11' end='192.168.122.12'\"",
  expect: {
    subjects: ["bridge/virbr0"],
    impacts: [],
    alsoAllowed: ["guest-no-address"],
  },
  async heal(lab) {
    await lab.hv(
      "virsh -q net-update default delete ip-dhcp-range \"<range start='192.168.122.11' end='192.168.122.12'/>\" --live",
    );
    await lab.hv(
      "virsh -q net-update default add ip-dhcp-range \"<range start='192.168.122.2' end='192.168.122.254'/>\" --live",
    );
  },
});
