import { defineRoute, nothing } from "./define";

export const route = defineRoute({
  method: "DELETE",
  path: "/api/demo",
  role: "admin",
  summary: "Stops the demo fleet.",
  result: nothing,
  errors: [],
  limitMs: 30_000,
});
