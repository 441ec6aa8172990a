import { Retention } from "../retention";
import { defineRoute } from "./define";

export const route = defineRoute({
  method: "GET",
  path: "/api/retention",
  role: "admin",
  summary: "How long things are kept, days.",
  result: Retention,
  errors: [],
});
