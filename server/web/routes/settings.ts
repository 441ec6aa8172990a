import { SettingChange } from "@/lib/wire/settings";
import { param, type Route, route } from "../route";

/** Thresholds of checks: kept, judged by and written down by the collector. */
export const settingRoutes: readonly Route[] = [
  route("GET", "/api/settings", "viewer", {}, async (ask) => ({
    body: await ask.web.collector.call("settings.list", {}, ask.credential),
  })),
  route("PATCH", "/api/settings", "admin", { body: SettingChange }, async (ask) => ({
    body: await ask.web.collector.call("settings.put", ask.body, ask.credential),
  })),
  route("DELETE", "/api/settings", "admin", {}, async (ask) => ({
    body: await ask.web.collector.call("settings.reset", {}, ask.credential),
  })),
  route("DELETE", "/api/settings/:check/:name", "admin", {}, async (ask) => ({
    body: await ask.web.collector.call(
      "settings.reset",
      { check: param(ask, "check"), name: param(ask, "name") },
      ask.credential,
    ),
  })),
];
