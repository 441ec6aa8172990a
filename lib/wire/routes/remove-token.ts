import { defineRoute, nothing } from "./define";

export const route = defineRoute({
  method: "DELETE",
  path: "/api/tokens/:id",
  role: "viewer",
  summary: "Revokes one of one's own API tokens.",
  result: nothing,
  errors: ["not-found"],
});
