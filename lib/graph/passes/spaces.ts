import { fact } from "../../facts/facts";
import { escapeName } from "../identity";
import { optional } from "../links";
import type { Pass } from "../pass";

/** Other network namespaces, as nodes. What is in them are nodes of their own, with `netns` among their attributes (passes `links` and `taps`). */
export const pass: Pass = {
  id: "spaces",
  after: [],
  needs: ["netns"],
  run(builder) {
    for (const space of fact(builder.facts, "netns"))
      builder.addNode({
        kind: "netns",
        name: space.name,
        path: escapeName(space.name),
        keys: [`netns:${space.name}`],
        attributes: {
          named: space.named,
          ...optional("nsid", space.nsid),
          ...optional("pid", space.pid),
          ...optional("command", space.command),
          // Without root the namespace is known, its inside is not.
          read: space.links !== undefined,
        },
      });
  },
};
