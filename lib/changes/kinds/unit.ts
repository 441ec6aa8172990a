import { z } from "zod";
import { defineKind } from "../define";

/** systemd's own rule for unit names (systemd.unit(5)), for the kinds that are started here, without a leading `-`. */
const UnitName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9:_.\\@-]{0,200}\.(?:service|socket)$/, "is no name of a service or socket");

/** A unit of systemd that does not run, started. `restart`: one that failed halfway is taken down first. */
export const kind = defineKind({
  schema: z.strictObject({
    kind: z.literal("unit"),
    unit: UnitName,
    to: z.literal("started"),
    was: z.literal("stopped"),
  }),
  steps: ({ unit }) => ({ do: ["systemctl", "restart", unit], undo: ["systemctl", "stop", unit] }),
  example: {
    change: { kind: "unit", unit: "dnsmasq.service", to: "started", was: "stopped" },
    do: "systemctl restart dnsmasq.service",
    undo: "systemctl stop dnsmasq.service",
  },
});
