import type { CheckExamples } from "../define";
import { failed, stopped, type unit, withHost } from "../host-examples";
import { ovsHost } from "../ovs-examples";
import { bondHost, edit, unread } from "../testing";
import { daemons, starters } from "./ovs-down";

export const examples: CheckExamples = {
  bad: [
    {
      name: "ovs-vswitchd failed",
      expect: "fail",
      facts: daemon("ovs-vswitchd.service", failed),
      subject: "host/self",
    },
    { name: "stopped by hand", expect: "fail", facts: daemon("ovs-vswitchd.service", stopped), subject: "host/self" },
    {
      name: "the database is gone",
      expect: "fail",
      facts: daemon("ovsdb-server.service", failed),
      subject: "host/self",
    },
  ],
  good: [
    { name: "runs", expect: "pass", facts: ovsHost(), subject: "host/self" },
    { name: "not on the host", expect: "not-applicable", facts: withHost(bondHost()), subject: "host/self" },
    {
      name: "installed, switched off by choice",
      expect: "not-applicable",
      facts: edit(ovsHost(), "units", (all) =>
        all.map((one) =>
          [...daemons, ...starters].includes(one.id)
            ? { ...one, ...stopped, unitFileState: one.unitFileState === "static" ? "static" : "disabled" }
            : one,
        ),
      ),
      subject: "host/self",
    },
    {
      name: "on its way up",
      expect: "not-applicable",
      facts: daemon("ovs-vswitchd.service", { activeState: "activating", subState: "start" }),
      subject: "host/self",
    },
  ],
  unknown: [{ name: "units not read", expect: "unknown", facts: unread(ovsHost(), "units"), subject: "host/self" }],
};

function daemon(id: string, change: Partial<ReturnType<typeof unit>>) {
  return edit(ovsHost(), "units", (all) => all.map((one) => (one.id === id ? { ...one, ...change } : one)));
}
