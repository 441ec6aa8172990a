import type { CheckExamples } from "../define";
import { flow, ovsHost, setBridge } from "../ovs-examples";
import { edit, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    { name: "no flow at all", expect: "fail", facts: secure([]), subject: "ovs-bridge/ovsbr0" },
    {
      name: "only one that drops",
      expect: "fail",
      facts: secure([flow("", "drop", 7, 0)]),
      subject: "ovs-bridge/ovsbr0",
    },
  ],
  good: [
    { name: "standalone", expect: "not-applicable", facts: ovsHost(), subject: "ovs-bridge/ovsbr0" },
    {
      name: "secure with flows of its own",
      expect: "pass",
      facts: secure([flow("in_port=1", "output:3", 7), flow("", "drop", 7, 0)]),
      subject: "ovs-bridge/ovsbr0",
    },
    {
      name: "secure with a controller",
      expect: "not-applicable",
      facts: setBridge(secure([]), (one) => ({ ...one, controllers: 1 })),
      subject: "ovs-bridge/ovsbr0",
    },
  ],
  unknown: [
    {
      name: "flows not read",
      expect: "unknown",
      facts: unread(secure([]), "ovs-flows"),
      subject: "ovs-bridge/ovsbr0",
    },
  ],
};

function secure(flows: readonly ReturnType<typeof flow>[]) {
  return edit(
    setBridge(ovsHost(), (one) => ({ ...one, fail_mode: "secure" })),
    "ovs-flows",
    (all) => all.map((one) => ({ ...one, flows: [...flows, ...one.flows.filter((entry) => entry.table === 254)] })),
  );
}
