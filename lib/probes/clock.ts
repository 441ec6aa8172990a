import { z } from "zod";
import { defineProbe, ParseError } from "./define";
import { parseItems, printItem } from "./items";
import { linesOf } from "./parts";

/** The host's clock, and what keeps it in step. */
export const Clock = z.object({
  /** Unix milliseconds by the host's clock when the script ran; whole seconds only where `date` knows no %N. */
  epochMs: z.number(),
  /** False where `date` gave whole seconds only. */
  fine: z.boolean(),
  uptimeSeconds: z.number(),
  /** systemd: is the clock synchronised, is a time service switched on. Missing without timedatectl. */
  timedatectl: z.object({ synchronized: z.boolean(), ntp: z.boolean(), timezone: z.string().optional() }).optional(),
  /** chrony. Missing where it is not there or does not answer. */
  chrony: z
    .object({
      reference: z.string(),
      stratum: z.number(),
      /** Seconds; positive: the clock is ahead of NTP time, i.e. slow sign as chrony prints it. */
      systemOffset: z.number(),
      leap: z.string(),
    })
    .optional(),
});
export type Clock = z.infer<typeof Clock>;

function chrony(lines: readonly string[]): z.output<typeof Clock>["chrony"] {
  // Reference ID (hex), reference, stratum, ref time, system time offset, last offset, ..., leap status.
  const fields = lines[0]?.split(",") ?? [];
  const stratum = Number(fields[2]);
  const offset = Number(fields[4]);
  if (fields.length < 14 || !Number.isFinite(stratum) || !Number.isFinite(offset)) return undefined;
  return { reference: fields[1] ?? "", stratum, systemOffset: offset, leap: fields[13] ?? "" };
}

/**
 * The host's clock. Compared with the collector's at the middle of the round trip it shows skew.
 *
 * Sample, item `date`: `1767607920123456789`; item `uptime`: `12345.67 23456.78`; item `timedatectl`: `Timezone=Etc/UTC`, `NTP=yes`, `NTPSynchronized=yes`;
 * item `chrony` (chronyc -c tracking): `C0000201,192.0.2.1,3,1767607900.1,0.000012,-0.000003,0.00002,-12.3,0.001,0.03,0.01,0.0002,64.3,Normal`
 */
export const probe = defineProbe({
  id: "clock",
  title: { en: "Clock", zh: "时钟" },
  tier: "slow",
  command: "date +%s%N; timedatectl show; chronyc -c tracking",
  script: `item date date +%s%N
item uptime cat /proc/uptime
if command -v timedatectl >/dev/null 2>&1; then item timedatectl timedatectl show -p Timezone -p NTP -p NTPSynchronized; else item timedatectl sh -c 'exit 127'; fi
if command -v chronyc >/dev/null 2>&1; then item chrony chronyc -c tracking; else item chrony sh -c 'exit 127'; fi`,
  privilege: "none",
  timeoutMs: 20_000,
  maxBytes: 16_384,
  fact: Clock,
  parse: (raw) => {
    const items = new Map(parseItems(raw.stdout).map((item) => [item.name, item]));
    const lines = (name: string): string[] => {
      const item = items.get(name);
      if (item === undefined) throw new ParseError(`part ${name} is missing`);
      return item.exit === 0 ? linesOf(item) : [];
    };
    const date = /^(\d{10,11})(\d{9})?(?:%?N)?$/.exec(lines("date")[0] ?? "");
    const uptime = /^(\d+\.\d+) /.exec(lines("uptime")[0] ?? "");
    if (!date || !uptime) throw new ParseError("date or uptime cannot be read");
    const pairs = new Map(lines("timedatectl").map((line) => [line.split("=")[0], line.split("=").slice(1).join("=")]));
    const synchronized = pairs.get("NTPSynchronized");
    return {
      epochMs: Number(date[1]) * 1000 + Number(date[2] ?? 0) / 1e6,
      fine: date[2] !== undefined,
      uptimeSeconds: Number(uptime[1]),
      timedatectl:
        synchronized === undefined
          ? undefined
          : {
              synchronized: synchronized === "yes",
              ntp: pairs.get("NTP") === "yes",
              timezone: pairs.get("Timezone"),
            },
      chrony: chrony(lines("chrony")),
    };
  },
  sources: [
    "https://www.freedesktop.org/software/systemd/man/latest/timedatectl.html",
    "https://chrony-project.org/doc/4.5/chronyc.html",
  ],
  examples: [
    {
      name: "kept in step by chrony",
      stdout:
        printItem("date", "1767607920123456789") +
        printItem("uptime", "12345.67 23456.78") +
        printItem("timedatectl", "Timezone=Etc/UTC\nNTP=yes\nNTPSynchronized=yes\n") +
        printItem(
          "chrony",
          "C0000201,192.0.2.1,3,1767607900.123456789,0.000012345,-0.000003210,0.000020000,-12.345,0.001,0.030,0.010000000,0.000200000,64.3,Normal\n",
        ),
      expect: {
        epochMs: 1767607920123.4568,
        fine: true,
        uptimeSeconds: 12345.67,
        timedatectl: { synchronized: true, ntp: true, timezone: "Etc/UTC" },
        chrony: { reference: "192.0.2.1", stratum: 3, systemOffset: 0.000012345, leap: "Normal" },
      },
    },
    {
      name: "busybox without nanoseconds, systemd or chrony",
      stdout:
        printItem("date", "1767607920") +
        printItem("uptime", "12345.67 23456.78") +
        printItem("timedatectl", "", 127) +
        printItem("chrony", "", 127),
      expect: { epochMs: 1767607920000, fine: false, uptimeSeconds: 12345.67 },
    },
  ],
});
