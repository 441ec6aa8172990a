import { every10s, healthyFdb, learned, vlanHost, withFdb } from "../bridge-examples";
import type { CheckExamples } from "../define";
import { bondHost, edit, factsOf, natHost, unread, uuidOf } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "learned outside now and before",
      expect: "fail",
      facts: stolen(),
      subject: "vnic/web-01/52:54:00:5b:00:01",
      samples: { outside: every10s(981, 989) },
    },
    {
      name: "a guest of another host owns it too, and is named",
      expect: "fail",
      facts: {
        ...stolen(),
        ...factsOf({
          "duplicate-owners": [
            { mac: "52:54:00:5b:00:01", host: "kvm-02", vm: "web-03", uuid: uuidOf(3), near: ["52:54:00:4c:00:20"] },
          ],
        }),
      },
      subject: "vnic/web-01/52:54:00:5b:00:01",
      samples: { outside: every10s(981, 989) },
    },
    {
      name: "taken back just now: it goes to and fro",
      expect: "fail",
      facts: withFdb(bondHost()),
      subject: "vnic/web-01/52:54:00:5b:00:01",
      samples: { outside: every10s(969, 984, 984) },
    },
  ],
  good: [
    {
      name: "on its TAP",
      expect: "pass",
      facts: withFdb(bondHost()),
      subject: "vnic/web-01/52:54:00:5b:00:01",
      samples: { outside: [] },
    },
    {
      name: "seen outside once: it has just moved here",
      expect: "pass",
      facts: withFdb(bondHost()),
      subject: "vnic/web-01/52:54:00:5b:00:01",
      samples: { outside: every10s(985, 985) },
    },
    {
      name: "ran elsewhere and is started here: it has not spoken yet, and its entry grows old",
      expect: "pass",
      facts: stolen(),
      subject: "vnic/web-01/52:54:00:5b:00:01",
      samples: { outside: every10s(958, 959, 957, 958, 958) },
    },
    {
      name: "a guest that is off may run elsewhere",
      expect: "not-applicable",
      facts: edit(stolen(), "libvirt-state", (all) =>
        all.map((one) => (one.uuid === uuidOf(1) ? { ...one, state: "shut off" as const, interfaces: [] } : one)),
      ),
      subject: "vnic/web-01/52:54:00:5b:00:01",
    },
    {
      name: "libvirt's NAT network has no uplink",
      expect: "not-applicable",
      facts: withFdb(natHost()),
      subject: "vnic/nat-1/52:54:00:5b:00:01",
    },
  ],
  unknown: [
    {
      name: "forwarding table not read",
      expect: "unknown",
      facts: unread(withFdb(vlanHost()), "bridge-fdb"),
      subject: "vnic/web-01/52:54:00:5b:00:01",
    },
  ],
};

function stolen() {
  return withFdb(bondHost(), [
    ...healthyFdb.filter((entry) => entry.mac !== "52:54:00:5b:00:01"),
    learned("52:54:00:5b:00:01", "bond0"),
  ]);
}
