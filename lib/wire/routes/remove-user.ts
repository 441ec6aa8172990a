import { defineRoute, nothing } from "./define";

export const route = defineRoute({
  method: "DELETE",
  path: "/api/users/:id",
  role: "admin",
  summary: "Removes an account.",
  result: nothing,
  errors: ["last-admin", "not-found"],
});
