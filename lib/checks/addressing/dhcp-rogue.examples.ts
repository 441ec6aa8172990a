import type { Facts } from "../../facts/facts";
import type { DhcpAnswer, DhcpSegment } from "../../probes/dhcp-answers";
import type { CheckExamples } from "../define";
import { bondHost, factsOf, macOf, natHost, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "a router plugged in by its LAN side",
      expect: "fail",
      facts: on("br0", "asked", offer("10.20.0.1", "00:00:5e:00:01:01"), offer("192.168.1.1", "00:00:5e:00:02:02")),
      subject: "bridge/br0",
    },
    {
      name: "same subnet, and itself as the gateway",
      expect: "fail",
      facts: on("br0", "asked", offer("10.20.0.1", "00:00:5e:00:01:01"), offer("10.20.0.66", macOf(2))),
      subject: "bridge/br0",
    },
    {
      name: "a guest beside libvirt's own server",
      expect: "fail",
      facts: {
        ...natHost(),
        ...factsOf({
          "dhcp-answers": [
            {
              dev: "virbr0",
              how: "asked",
              answers: [offer("192.168.122.1", "52:54:00:16:9f:57"), offer("192.168.50.1", macOf(1))],
            },
          ],
        }),
      },
      subject: "bridge/virbr0",
    },
    {
      name: "three that agree, where two may",
      expect: "warn",
      facts: on(
        "br0",
        "asked",
        ...[2, 3, 4].map((n) => ({ ...offer(`10.20.0.${n}`, macOf(n)), routers: ["10.20.0.1"] })),
      ),
      subject: "bridge/br0",
    },
  ],
  good: [
    {
      name: "one server",
      expect: "pass",
      facts: on("br0", "asked", offer("10.20.0.1", "00:00:5e:00:01:01")),
      subject: "bridge/br0",
    },
    { name: "asked, and no DHCP here", expect: "pass", facts: on("br0", "asked"), subject: "bridge/br0" },
    {
      name: "a failover pair",
      expect: "pass",
      facts: on("br0", "asked", ...[2, 3].map((n) => ({ ...offer(`10.20.0.${n}`, macOf(n)), routers: ["10.20.0.1"] }))),
      subject: "bridge/br0",
    },
    {
      name: "one server through two relays",
      expect: "pass",
      facts: on("br0", "asked", offer("10.20.0.1", macOf(7)), offer("10.20.0.1", macOf(8))),
      subject: "bridge/br0",
    },
    {
      name: "a refusal is no offer",
      expect: "pass",
      facts: on("br0", "asked", offer("10.20.0.1", macOf(7)), {
        server: "192.168.1.1",
        mac: macOf(8),
        kind: "nak",
        routers: [],
      }),
      subject: "bridge/br0",
    },
    {
      name: "asking is not allowed",
      expect: "not-applicable",
      facts: { ...bondHost(), ...factsOf({ "dhcp-answers": [] }) },
      subject: "bridge/br0",
    },
    {
      name: "a bridge without carrier, which nobody listened to",
      expect: "not-applicable",
      facts: on("br0", "asked"),
      subject: "bridge/virbr0",
    },
  ],
  unknown: [
    { name: "the question did not leave", expect: "unknown", facts: on("br0", "unsent"), subject: "bridge/br0" },
    { name: "nothing could be captured", expect: "unknown", facts: on("br0", "deaf"), subject: "bridge/br0" },
    {
      name: "no tcpdump",
      expect: "unknown",
      facts: unread(bondHost(), "dhcp-answers", "absent", ""),
      subject: "bridge/br0",
    },
    {
      name: "no root",
      expect: "unknown",
      facts: unread(bondHost(), "dhcp-answers", "refused", ""),
      subject: "bridge/br0",
    },
  ],
};

function offer(server: string, mac: string): DhcpAnswer {
  const net = server.slice(0, server.lastIndexOf("."));
  return { server, mac, kind: "offer", address: `${net}.150`, prefix: 24, routers: [server] };
}

function on(dev: string, how: DhcpSegment["how"], ...answers: readonly DhcpAnswer[]): Facts {
  return { ...bondHost(), ...factsOf({ "dhcp-answers": [{ dev, how, answers: [...answers] }] }) };
}
