import * as z from "zod";
import { OwnedToken } from "../rest";
import { defineRoute } from "./define";

export const route = defineRoute({
  method: "GET",
  path: "/api/tokens/all",
  role: "admin",
  summary: "Lists everybody's API tokens.",
  result: z.object({ tokens: z.array(OwnedToken) }),
  errors: [],
});
