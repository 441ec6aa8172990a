import type { CheckExamples } from "../define";
import { type EthtoolNic, nicFacts } from "../nic-examples";
import { noCarrier, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "a gigabit link that fell back to 100",
      expect: "warn",
      facts: nicFacts(copper({ speed: 100 }), { speed: 100, duplex: "full" }),
      subject: "nic/nic0",
    },
    {
      name: "half duplex",
      expect: "warn",
      facts: nicFacts({}, { speed: 10, duplex: "half" }),
      subject: "nic/nic0",
    },
  ],
  good: [
    {
      name: "as fast as both can",
      expect: "pass",
      facts: nicFacts(copper({ speed: 1000 }), { speed: 1000, duplex: "full" }),
      subject: "nic/nic0",
    },
    {
      name: "a faster card on a gigabit switch",
      expect: "pass",
      facts: nicFacts(copper({ supportedModes: ["1000baseT/Full", "10000baseT/Full"] }), {
        speed: 1000,
        duplex: "full",
      }),
      subject: "nic/nic0",
    },
    {
      name: "the far end does not tell",
      expect: "pass",
      facts: nicFacts(copper({ speed: 100, partnerModes: [] }), { speed: 100, duplex: "full" }),
      subject: "nic/nic0",
    },
    {
      name: "a virtio card that knows no speed",
      expect: "not-applicable",
      facts: nicFacts({}, {}),
      subject: "nic/nic0",
    },
    {
      name: "no cable is another fault",
      expect: "not-applicable",
      facts: noCarrier(nicFacts(copper({ speed: 10 }), { duplex: "half" }), "nic0"),
      subject: "nic/nic0",
    },
  ],
  unknown: [
    {
      name: "ethtool not read",
      expect: "unknown",
      facts: unread(nicFacts({}, { speed: 100, duplex: "full" }), "ethtool"),
      subject: "nic/nic0",
    },
  ],
};

function copper(more: Partial<NonNullable<EthtoolNic["settings"]>>): Partial<EthtoolNic> {
  const modes = ["100baseT/Full", "1000baseT/Full"];
  return {
    settings: {
      speed: 1000,
      duplex: "full",
      autoNegotiation: true,
      linkDetected: true,
      supportedModes: modes,
      advertisedModes: modes,
      partnerModes: modes,
      ...more,
    },
  };
}
