import { SettingList } from "../settings";
import { defineRoute } from "./define";

export const route = defineRoute({
  method: "GET",
  path: "/api/settings",
  role: "viewer",
  summary: "Lists the thresholds of checks as they are.",
  result: SettingList,
  errors: [],
});
