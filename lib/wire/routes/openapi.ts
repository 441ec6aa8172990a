import * as z from "zod";
import { defineRoute } from "./define";

export const route = defineRoute({
  method: "GET",
  path: "/api/openapi.json",
  role: "viewer",
  summary: "This interface as an OpenAPI 3.1 document.",
  result: z.looseObject({ openapi: z.string() }),
  errors: [],
});
