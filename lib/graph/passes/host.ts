import type { Pass } from "../pass";

/** The host itself: always there, so that something can carry the verdicts of checks about the host as a whole. */
export const pass: Pass = {
  id: "host",
  after: [],
  needs: [],
  run(builder) {
    builder.addNode({
      kind: "host",
      name: builder.host,
      path: "self",
      keys: ["host:self"],
      attributes: {},
    });
  },
};
