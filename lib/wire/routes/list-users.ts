import * as z from "zod";
import { UserRow } from "../rest";
import { defineRoute } from "./define";

export const route = defineRoute({
  method: "GET",
  path: "/api/users",
  role: "admin",
  summary: "Lists all accounts.",
  result: z.object({ users: z.array(UserRow) }),
  errors: [],
});
