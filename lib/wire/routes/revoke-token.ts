import { defineRoute, nothing } from "./define";

export const route = defineRoute({
  method: "DELETE",
  path: "/api/tokens/all/:id",
  role: "admin",
  summary: "Revokes anybody's API token.",
  result: nothing,
  errors: ["not-found"],
});
