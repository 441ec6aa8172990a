import { defineRoute, nothing } from "./define";

export const route = defineRoute({
  method: "DELETE",
  path: "/api/hosts/:id",
  role: "admin",
  summary: "Removes a host and forgets it.",
  result: nothing,
  errors: ["not-found"],
});
