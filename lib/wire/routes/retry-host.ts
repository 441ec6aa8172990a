import { defineRoute, nothing } from "./define";

export const route = defineRoute({
  method: "POST",
  path: "/api/hosts/:id/retry",
  role: "operator",
  summary: "Connects to a host now instead of waiting.",
  result: nothing,
  errors: ["not-found"],
});
