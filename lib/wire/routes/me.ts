import { Me } from "../rest";
import { defineRoute } from "./define";

export const route = defineRoute({
  method: "GET",
  path: "/api/me",
  role: "viewer",
  summary: "Says who asks, and whether the collector runs.",
  result: Me,
  errors: [],
});
