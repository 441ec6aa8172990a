import { fact } from "../../facts/facts";
import { escapeName } from "../identity";
import { optional } from "../links";
import type { Pass } from "../pass";

/** Other network namespaces, as nodes. What is in them are nodes of their own, with `netns` among their attributes (passes `links` and `taps`). */
export const pass: Pass = {
  id: "netns",
  after: [],
  needs: ["netns"],
  run(builder) {
    for (const netns of fact(builder.facts, "netns"))
      builder.addNode({
        kind: "netns",
        name: netns.name,
        path: escapeName(netns.name),
        keys: [`netns:${netns.name}`],
        attributes: {
          named: netns.named,
          ...optional("nsid", netns.nsid),
          ...optional("pid", netns.pid),
          ...optional("command", netns.command),
          // Without root the namespace is known, its inside is not.
          read: netns.links !== undefined,
        },
      });
  },
};
