import type { CheckExamples } from "../define";
import { healthyClock, logLine, withHost } from "../host-examples";
import { bondHost, edit, factsOf, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "transmit timeout of a NIC",
      expect: "warn",
      facts: logged("NETDEV WATCHDOG: nic0 (e1000e): transmit queue 0 timed out"),
      subject: "nic/nic0",
    },
    {
      name: "the newer form of the same",
      expect: "warn",
      facts: logged("e1000e 0000:00:03.0 nic0: NETDEV WATCHDOG: CPU: 3: transmit queue 0 timed out 5120 ms"),
      subject: "nic/nic0",
    },
    {
      name: "hung hardware",
      expect: "warn",
      facts: logged("e1000e 0000:00:03.0 nic0: Detected Hardware Unit Hang:"),
      subject: "nic/nic0",
    },
    {
      name: "own address comes back",
      expect: "warn",
      facts: logged(
        ...Array<string>(4).fill(
          "br0: received packet on bond0 with own address as source address (addr:52:54:00:4c:00:10, vlan:0)",
        ),
      ),
      subject: "bridge/br0",
    },
    {
      name: "martians",
      expect: "warn",
      facts: logged("IPv4: martian source 10.20.0.10 from 10.99.0.1, on dev br0"),
      subject: "bridge/br0",
    },
    {
      name: "of an interface that is gone",
      expect: "warn",
      facts: logged("NETDEV WATCHDOG: eth9 (r8169): transmit queue 0 timed out"),
      subject: "host/self",
    },
  ],
  good: [
    {
      name: "ordinary lines",
      expect: "pass",
      facts: logged(
        "br0: port 2(vnet0) entered forwarding state",
        "bond0: (slave nic0): link status definitely down, disabling slave",
        "8021q: adding VLAN 0 to HW filter on device nic0",
        "device vnet0 entered promiscuous mode",
        "scsi host0: resetting",
      ),
      subject: "host/self",
    },
    {
      name: "hours ago",
      expect: "pass",
      facts: edit(withHost(bondHost()), "kernel-log", () => [
        logLine(100, "NETDEV WATCHDOG: eth9 (r8169): transmit queue 0 timed out"),
      ]),
      subject: "host/self",
    },
    {
      name: "one frame of our own, at a failover",
      expect: "not-applicable",
      facts: logged(
        "br0: received packet on bond0 with own address as source address (addr:52:54:00:4c:00:10, vlan:0)",
      ),
      subject: "bridge/br0",
    },
    {
      name: "another interface",
      expect: "not-applicable",
      facts: logged("NETDEV WATCHDOG: nic0 (e1000e): transmit queue 0 timed out"),
      subject: "nic/nic1",
    },
  ],
  unknown: [
    {
      name: "the log may not be read",
      expect: "unknown",
      facts: unread(withHost(bondHost()), "kernel-log", "refused", ""),
      subject: "host/self",
    },
  ],
};

function logged(...texts: readonly string[]) {
  return {
    ...withHost(bondHost()),
    ...factsOf({ "kernel-log": texts.map((text, at) => logLine(healthyClock.uptimeSeconds - 300 + at, text)) }),
  };
}
