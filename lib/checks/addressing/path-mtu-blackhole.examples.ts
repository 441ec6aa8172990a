import type { GatewayPing } from "../../probes/gateway-ping";
import type { CheckExamples, Sample } from "../define";
import { bondHost, factsOf, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "large ones vanish",
      expect: "warn",
      facts: asking({ large: { sent: 2, received: 0, bytes: 9000 } }),
      subject: "gateway/10.20.0.1",
      samples: { lost: row(0, 1, 1) },
    },
    {
      name: "of jumbo frames, what Ethernet carries passes",
      expect: "warn",
      facts: asking({
        large: { sent: 2, received: 0, bytes: 9000 },
        sizes: [
          { bytes: 8000, passed: false },
          { bytes: 4000, passed: false },
          { bytes: 1500, passed: true },
        ],
      }),
      subject: "gateway/10.20.0.1",
      samples: { lost: row(0, 1, 1) },
    },
  ],
  good: [
    {
      name: "a firewall that takes small pings only",
      expect: "not-applicable",
      facts: asking({
        large: { sent: 2, received: 0, bytes: 1500 },
        sizes: [
          { bytes: 1492, passed: false },
          { bytes: 1280, passed: false },
          { bytes: 576, passed: true },
        ],
      }),
      subject: "gateway/10.20.0.1",
      samples: { lost: [0, 1, 1].map((value, at) => ({ at: 880_000 + 60_000 * at, value })) },
    },
    {
      name: "all sizes pass",
      expect: "pass",
      facts: asking({}),
      subject: "gateway/10.20.0.1",
      samples: { lost: row(0, 0) },
    },
    {
      name: "lost once",
      expect: "not-applicable",
      facts: asking({ large: { sent: 2, received: 0, bytes: 1500 } }),
      subject: "gateway/10.20.0.1",
      samples: { lost: [{ at: 1_000_000, value: 1 }] },
    },
    {
      name: "the host knows the smaller path",
      expect: "not-applicable",
      facts: asking({ large: undefined }),
      subject: "gateway/10.20.0.1",
    },
    {
      name: "a line that loses packets of any size",
      expect: "pass",
      facts: asking({ small: { sent: 4, received: 2 }, large: { sent: 2, received: 0, bytes: 1500 } }),
      subject: "gateway/10.20.0.1",
      samples: { lost: row(0, 0) },
    },
    {
      name: "a mute gateway",
      expect: "not-applicable",
      facts: asking({ small: { sent: 4, received: 0 }, large: { sent: 2, received: 0, bytes: 1500 } }),
      subject: "gateway/10.20.0.1",
    },
  ],
  unknown: [
    {
      name: "probe timed out",
      expect: "unknown",
      facts: unread(bondHost(), "gateway-ping"),
      subject: "gateway/10.20.0.1",
    },
  ],
};

function asking(change: Partial<GatewayPing>) {
  const asked: GatewayPing = {
    address: "10.20.0.1",
    dev: "br0",
    small: { sent: 4, received: 4 },
    large: { sent: 2, received: 2, bytes: 1500 },
    neighbour: "REACHABLE",
    ms: 0.5,
  };
  return { ...bondHost(), ...factsOf({ "gateway-ping": [{ ...asked, ...change }] }) };
}

function row(...values: readonly number[]): Sample[] {
  return values.map((value, at) => ({ at: 1_000_000 - (values.length - 1 - at) * 30_000, value }));
}
