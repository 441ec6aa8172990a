import { UserChange, UserRow } from "../rest";
import { defineRoute, hashLimitMs } from "./define";

export const route = defineRoute({
  method: "PATCH",
  path: "/api/users/:id",
  role: "admin",
  summary: "Changes an account; what is absent stays. A new password, and disabling, end all its sessions and tokens.",
  body: UserChange,
  result: UserRow,
  errors: ["conflict", "last-admin", "not-found"],
  limitMs: hashLimitMs,
});
