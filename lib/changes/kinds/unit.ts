import { z } from "zod";
import { defineKind } from "../define";

/** systemd's own rule for unit names (systemd.unit(5)), for the kinds that are started here, without a leading `-`. */
const UnitName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9:_.\\@-]{0,200}\.(?:service|socket)$/, "is no name of a service or socket");

/** Services that set interfaces up as their files say. */
export const configures = /^(?:networking|network|NetworkManager|systemd-networkd|wicked)\./;

/** A unit of systemd that does not run, started. `restart`: one that failed halfway is taken down first. */
export const kind = defineKind({
  schema: z.strictObject({
    kind: z.literal("unit"),
    unit: UnitName,
    to: z.literal("started"),
    was: z.literal("stopped"),
  }),
  programs: ["systemctl"],
  steps: ({ unit }) => ({ do: ["systemctl", "restart", unit], undo: ["systemctl", "stop", unit] }),
  touches: ({ unit }) => [
    // Who configures interfaces may put back what was changed by hand since, on any of them.
    { what: { all: "host" }, effect: configures.test(unit) ? "blinks" : "opens" },
  ],
  settles: {
    ms: 20_000,
    because: { en: "20 s for a service to start and stay up", zh: "20 秒用于服务启动并保持运行" },
  },
  example: {
    change: { kind: "unit", unit: "dnsmasq.service", to: "started", was: "stopped" },
    do: "systemctl restart dnsmasq.service",
    undo: "systemctl stop dnsmasq.service",
  },
});
