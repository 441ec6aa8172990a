import type { CheckExamples } from "../define";
import { nicFacts, twoSamples } from "../nic-examples";
import { unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "CRC errors grow (igb)",
      expect: "warn",
      facts: spoiltFacts("rx_crc_errors"),
      subject: "nic/nic0",
      samples: { errors: twoSamples(100, 412) },
    },
    {
      name: "symbol errors grow (mlx5)",
      expect: "warn",
      facts: spoiltFacts("rx_symbol_err_phy"),
      subject: "nic/nic0",
      samples: { errors: twoSamples(100, 412) },
    },
  ],
  good: [
    {
      name: "errors of last year",
      expect: "pass",
      facts: spoiltFacts("rx_crc_errors"),
      subject: "nic/nic0",
      samples: { errors: twoSamples(412, 412) },
    },
    {
      name: "somebody touched the cable",
      expect: "pass",
      facts: spoiltFacts("rx_crc_errors"),
      subject: "nic/nic0",
      samples: { errors: twoSamples(410, 412) },
    },
    {
      name: "counters began anew with the driver",
      expect: "not-applicable",
      facts: spoiltFacts("rx_crc_errors"),
      subject: "nic/nic0",
      samples: { errors: twoSamples(90_000, 0) },
    },
    {
      name: "a driver without such counters (virtio_net)",
      expect: "not-applicable",
      facts: spoiltFacts("rx_queue_0_drops"),
      subject: "nic/nic0",
      samples: { errors: twoSamples(0, 400) },
    },
    {
      name: "one reading only",
      expect: "not-applicable",
      facts: spoiltFacts("rx_crc_errors"),
      subject: "nic/nic0",
    },
  ],
  unknown: [
    {
      name: "ethtool not read",
      expect: "unknown",
      facts: unread(spoiltFacts("rx_crc_errors"), "ethtool"),
      subject: "nic/nic0",
    },
  ],
};

function spoiltFacts(name: string) {
  return nicFacts({
    statistics: [
      { name: "rx_packets", value: 90_000 },
      { name, value: 412 },
    ],
  });
}
