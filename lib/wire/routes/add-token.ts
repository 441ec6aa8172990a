import { MadeToken, NewToken } from "../rest";
import { defineRoute } from "./define";

export const route = defineRoute({
  method: "POST",
  path: "/api/tokens",
  role: "viewer",
  summary: "Makes an API token. It is shown this once.",
  body: NewToken,
  result: MadeToken,
  status: 201,
  errors: ["conflict"],
});
