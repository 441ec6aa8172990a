import type { GatewayPing } from "../../probes/gateway-ping";
import type { CheckExamples, Sample } from "../define";
import { bondHost, factsOf, macOf, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "neither ARP nor ICMP",
      expect: "fail",
      facts: asking({ small: { sent: 4, received: 0 }, neighbour: "FAILED" }),
      subject: "gateway/10.20.0.1",
    },
    {
      name: "answered pings until a minute ago",
      expect: "warn",
      facts: asking({ small: { sent: 4, received: 0 } }),
      subject: "gateway/10.20.0.1",
      samples: { answers: row(1, 1, 0, 0) },
    },
  ],
  good: [
    { name: "answers", expect: "pass", facts: asking({}), subject: "gateway/10.20.0.1" },
    {
      name: "loses some of the pings",
      expect: "pass",
      facts: asking({ small: { sent: 4, received: 1 } }),
      subject: "gateway/10.20.0.1",
    },
    {
      name: "alive, mute: ARP only, as ever",
      expect: "pass",
      facts: asking({ small: { sent: 4, received: 0 }, neighbour: "REACHABLE" }),
      subject: "gateway/10.20.0.1",
      samples: { answers: row(0, 0, 0, 0) },
    },
    {
      name: "did not answer when it was asked, and has since",
      expect: "pass",
      facts: {
        ...asking({ small: { sent: 4, received: 0 }, neighbour: "FAILED" }),
        "ip-neigh": {
          ok: true,
          at: 900_000,
          value: [{ family: "inet", dst: "10.20.0.1", dev: "br0", lladdr: macOf(9), state: ["REACHABLE"] }],
        },
      },
      subject: "gateway/10.20.0.1",
    },
    {
      name: "lost once",
      expect: "pass",
      facts: asking({ small: { sent: 4, received: 0 }, neighbour: "REACHABLE" }),
      subject: "gateway/10.20.0.1",
      samples: { answers: row(1, 1, 1, 0) },
    },
    {
      name: "no ping on the host",
      expect: "not-applicable",
      facts: unread(bondHost(), "gateway-ping", "absent", ""),
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
  return {
    ...bondHost(),
    ...factsOf({
      "gateway-ping": [
        {
          address: "10.20.0.1",
          dev: "br0",
          small: { sent: 4, received: 4 },
          neighbour: "REACHABLE",
          ms: 0.5,
          ...change,
        },
      ],
    }),
  };
}

function row(...values: readonly number[]): Sample[] {
  return values.map((value, at) => ({ at: 1_000_000 - (values.length - 1 - at) * 60_000, value }));
}
