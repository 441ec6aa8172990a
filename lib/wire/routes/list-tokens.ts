import * as z from "zod";
import { TokenRow } from "../rest";
import { defineRoute } from "./define";

export const route = defineRoute({
  method: "GET",
  path: "/api/tokens",
  role: "viewer",
  summary: "Lists one's own API tokens.",
  result: z.object({ tokens: z.array(TokenRow) }),
  errors: [],
});
