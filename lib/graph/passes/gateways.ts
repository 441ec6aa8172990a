import { fact, factIfRead } from "../../facts/facts";
import { escapeName } from "../identity";
import { optional } from "../links";
import type { GraphBuilder, Pass } from "../pass";

/**
 * The next hops of default routes, each at the interface that it is reached by. The neighbour's state is no attribute: it moves between REACHABLE and STALE all day.
 */
export const pass: Pass = {
  id: "gateways",
  after: ["links", "taps"],
  needs: ["ip-route"],
  optional: ["ip-neigh", "ip-link"],
  run(builder) {
    for (const route of fact(builder.facts, "ip-route")) {
      if (route.dst !== "default" || (route.type !== undefined && route.type !== "unicast")) continue;
      const table = route.table;
      for (const hop of [route, ...(route.nexthops ?? [])])
        if (hop.gateway !== undefined && hop.dev !== undefined)
          addGateway(builder, { family: route.family, address: hop.gateway, dev: hop.dev, table });
    }
  },
};

interface Gateway {
  readonly family: string;
  readonly address: string;
  readonly dev: string;
  readonly table: string | undefined;
}

function addGateway(builder: GraphBuilder, gateway: Gateway): void {
  const key = `gateway:${gateway.address}:${gateway.dev}`;
  const known = builder
    .ofKind("gateway")
    .some((node) => node.name === gateway.address && node.attributes.dev === gateway.dev);
  if (known) return;
  const neighbour = factIfRead(builder.facts, "ip-neigh")?.find(
    (entry) => entry.dst === gateway.address && entry.dev === gateway.dev,
  );
  // A link-local address is one only together with its interface.
  const path = gateway.address.startsWith("fe80:") ? `${gateway.address}@${gateway.dev}` : gateway.address;
  const id = builder.addNode({
    kind: "gateway",
    name: gateway.address,
    path: escapeName(path),
    keys: [key],
    attributes: {
      address: gateway.address,
      dev: gateway.dev,
      family: gateway.family,
      ...optional("mac", neighbour?.lladdr),
      ...optional("table", gateway.table),
    },
  });
  const holder = builder.byName(gateway.dev);
  if (holder) builder.addEdge({ kind: "gateway", from: id, to: holder.id });
}
