import { counted } from "../bridge-examples";
import type { CheckExamples, Sample } from "../define";
import { bondHost, natHost, plainHost, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "from the wire to both guests and the host",
      expect: "fail",
      facts: busy(),
      subject: "bridge/br0",
      samples: { own: row(90_000), uplink: row(400), first: row(91_000), second: row(90_500) },
    },
    {
      name: "from a guest, while another is busy too",
      expect: "fail",
      facts: busy(),
      subject: "bridge/br0",
      samples: { own: row(90_000), uplink: row(95_000), first: row(500), second: row(91_000) },
    },
    {
      name: "from the host itself",
      expect: "fail",
      facts: busy(),
      subject: "bridge/br0",
      samples: { own: row(300), sent: row(92_000), uplink: row(90_000), first: row(91_000), second: row(90_500) },
    },
    {
      name: "multicast with one guest on the bridge",
      expect: "fail",
      facts: alone(),
      subject: "bridge/br0",
      samples: { own: row(90_000), uplink: row(400), first: row(91_000), multicast: row(89_000) },
    },
  ],
  good: [
    {
      name: "quiet with one guest on the bridge",
      expect: "pass",
      facts: alone(),
      subject: "bridge/br0",
      samples: { own: row(300), uplink: row(90_000), first: row(500), multicast: row(100) },
    },
    {
      name: "the host takes in a multicast stream that its guest did not ask for",
      expect: "pass",
      facts: alone(),
      subject: "bridge/br0",
      samples: { own: row(90_000), uplink: row(400), first: row(500), multicast: row(89_000) },
    },
    {
      name: "one guest and its host, each busy",
      expect: "pass",
      facts: alone(),
      subject: "bridge/br0",
      samples: { own: row(60_000), uplink: row(400), first: row(140_000), multicast: row(10) },
    },
    {
      name: "quiet",
      expect: "pass",
      facts: busy(),
      subject: "bridge/br0",
      samples: { own: row(300), uplink: row(400), first: row(500), second: row(350) },
    },
    {
      name: "busy guests and a busy host: rates differ",
      expect: "pass",
      facts: busy(),
      subject: "bridge/br0",
      samples: { own: row(60_000), uplink: row(240_000), first: row(150_000), second: row(90_000) },
    },
    {
      name: "three web servers behind a load balancer: all get the same, and the host gets and sends nothing",
      expect: "pass",
      facts: ["br0", "bond0", "vnet0", "vnet1", "vnet2"].reduce(
        (facts, name) => counted(facts, name, 1000, 1000),
        bondHost(3),
      ),
      subject: "bridge/br0",
      samples: {
        own: row(900),
        sent: row(900),
        uplink: row(186_000),
        first: row(60_000),
        second: row(61_500),
        third: row(63_000),
      },
    },
    {
      name: "two guests busy with each other",
      expect: "pass",
      facts: busy(),
      subject: "bridge/br0",
      samples: { own: row(300), uplink: row(400), first: row(150_000), second: row(150_000) },
    },
    {
      name: "one guest on NAT: nothing to compare",
      expect: "not-applicable",
      facts: natHost(),
      subject: "bridge/virbr0",
      samples: { own: row(90_000), first: row(90_000) },
    },
    { name: "idle docker0", expect: "not-applicable", facts: plainHost(), subject: "bridge/docker0" },
  ],
  unknown: [
    {
      name: "host and one guest get the same: broadcasts, or the two talk to each other",
      expect: "unknown",
      facts: alone(),
      subject: "bridge/br0",
      samples: { own: row(90_000), uplink: row(400), first: row(91_000), multicast: row(10) },
    },
    { name: "interfaces not read", expect: "unknown", facts: unread(bondHost(), "ip-link"), subject: "host/self" },
  ],
};

function busy() {
  return ["br0", "bond0", "vnet0", "vnet1"].reduce((facts, name) => counted(facts, name, 1000, 1000), bondHost());
}

/** The same with one guest: three receivers. */
function alone() {
  return ["br0", "bond0", "vnet0"].reduce((facts, name) => counted(facts, name, 1000, 1000), bondHost(1));
}

/** Packets within 30 seconds. */
function row(packets: number): Sample[] {
  return [
    { at: 970_000, value: 5 },
    { at: 1_000_000, value: 5 + packets },
  ];
}
