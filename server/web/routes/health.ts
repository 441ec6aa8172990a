import { openRoute, type Route } from "../route";

/** For supervisors and load balancers: says nothing but which of the two processes answer. */
export const healthRoutes: readonly Route[] = [
  openRoute("GET", "/healthz", {}, async (ask) => ({
    body: { web: "up", collector: ask.web.collector.up ? "up" : "down" },
  })),
];
