import { HostSpec, hostBytes, TestResult } from "../rest";
import { defineRoute } from "./define";

export const route = defineRoute({
  method: "POST",
  path: "/api/hosts/test",
  role: "admin",
  summary: "Looks at a host once and keeps nothing: a host key to compare, a preview of what was found, or why not.",
  body: HostSpec,
  maxBytes: hostBytes,
  result: TestResult,
  errors: [],
  limitMs: 120_000,
});
