import { HostSpec, hostBytes } from "../rest";
import { defineRoute, nothing } from "./define";

export const route = defineRoute({
  method: "POST",
  path: "/api/hosts",
  role: "admin",
  summary: "Adds a host, or gives a known one its new settings.",
  body: HostSpec,
  maxBytes: hostBytes,
  result: nothing,
  status: 201,
  errors: ["conflict"],
  limitMs: 30_000,
});
