import { HostSnapshot } from "../model";
import { defineRoute } from "./define";

export const route = defineRoute({
  method: "GET",
  path: "/api/hosts/:id/snapshot",
  role: "viewer",
  summary: "Everything that is known of one host at one sequence number.",
  result: HostSnapshot,
  errors: ["not-found"],
});
