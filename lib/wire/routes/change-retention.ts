import { Retention, RetentionChange } from "../retention";
import { defineRoute } from "./define";

export const route = defineRoute({
  method: "PATCH",
  path: "/api/retention",
  role: "admin",
  summary: "Changes how long things are kept; what is absent stays.",
  body: RetentionChange,
  result: Retention,
  errors: [],
});
