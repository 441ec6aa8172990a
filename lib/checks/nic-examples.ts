import type { Facts } from "../facts/facts";
import type { FactOf } from "../probes/registry";
import type { Sample } from "./define";
import { bondHost, factsOf } from "./testing";

export type EthtoolNic = FactOf<"ethtool">[number];
type SysfsLink = FactOf<"sysfs-net">[number];

/** The usual hypervisor, whose nic0 shows the given by ethtool and sysfs. For examples of checks. */
export function nicFacts(ethtool: Partial<EthtoolNic>, sysfs: Partial<SysfsLink> = {}): Facts {
  return {
    ...bondHost(),
    ...factsOf({
      ethtool: [{ ifname: "nic0", ...ethtool }],
      "sysfs-net": [
        { ifname: "nic0", ifindex: 3, wireless: false, device: "/sys/devices/pci0000:00/0000:00:03.0", ...sysfs },
      ],
    }),
  };
}

/** Two samples, `seconds` apart, the second one now. */
export const twoSamples = (from: number, to: number, seconds = 120): Sample[] => [
  { at: 1_000_000 - seconds * 1000, value: from },
  { at: 1_000_000, value: to },
];
