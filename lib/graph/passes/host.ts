import { factIfRead } from "../../facts/facts";
import { optional } from "../links";
import type { Pass } from "../pass";

/** The host itself: always there, so that something can carry the verdicts of checks about the host as a whole. */
export const pass: Pass = {
  id: "host",
  after: [],
  needs: [],
  optional: ["identity"],
  run(builder) {
    const identity = factIfRead(builder.facts, "identity");
    builder.addNode({
      kind: "host",
      name: identity?.hostname ?? builder.host,
      path: "self",
      keys: ["host:self"],
      attributes: {
        ...optional("kernel", identity?.kernel),
        ...optional("os", identity?.os),
        ...optional("machine", identity?.machine),
        ...optional("vendor", identity?.dmi?.sys_vendor),
        ...optional("product", identity?.dmi?.product_name),
        ...optional("virtualisation", identity?.virtualisation),
      },
    });
  },
};
