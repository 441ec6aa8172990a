import { NewUser, UserRow } from "../rest";
import { defineRoute, hashLimitMs } from "./define";

export const route = defineRoute({
  method: "POST",
  path: "/api/users",
  role: "admin",
  summary: "Makes an account.",
  body: NewUser,
  result: UserRow,
  status: 201,
  errors: ["conflict"],
  limitMs: hashLimitMs,
});
