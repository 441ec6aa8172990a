import type { FactOf } from "../../probes/registry";
import { filled, type Wording } from "../../wording";
import { defineCheck, pass, type Verdict } from "../define";
import { lasting } from "../growth";

type Clock = FactOf<"clock">;

/**
 * The host's clock differs from ours by more than what the reading itself may have taken, or its time service is on and has not been in step for long. Which of the two clocks is
 * wrong this cannot tell: the sentence says so.
 */
export const check = defineCheck({
  id: "clock-skew",
  layer: "host",
  title: { en: "Clock is off", zh: "时钟不准" },
  message: {
    en: "{host}: clock differs from Taproot's by {skew} s (limit {limit} s, read within {doubt} s); time service: {service}",
    zh: "{host}：时钟与本机相差 {skew} 秒（阈值 {limit} 秒，读取误差 {doubt} 秒）；时间服务：{service}",
  },
  expected: {
    en: "Less than {limit} s between the host's clock and Taproot's, and its time service in step",
    zh: "主机时钟与本机相差小于 {limit} 秒，且时间服务已同步",
  },
  repair: {
    en: "First see whether Taproot's own clock is right: timedatectl on both machines. Then on {host}: timedatectl set-ntp true, or chronyc makestep; see that UDP port 123 to its servers is open (chronyc sources).",
    zh: "先确认本机时间正确：两端执行 timedatectl。然后在 {host} 上执行 timedatectl set-ntp true 或 chronyc makestep；并确认到时间服务器的 UDP 123 端口可达（chronyc sources）。",
  },
  explain: {
    en: "With clocks apart, logs of two hosts cannot be laid side by side, certificates and tickets are refused, DHCP leases seem to run out, and a cluster may throw the host out.",
    zh: "时钟不一致时，两台主机的日志无法对照，证书和票据会被拒绝，DHCP 租约看似过期，集群还可能剔除该主机。",
  },
  needs: ["clock"],
  subjects: ["host"],
  settings: {
    skew: {
      title: { en: "Seconds apart that are worth a warning", zh: "告警的时间差（秒）" },
      default: 5,
      unit: "s",
      min: 0.1,
      max: 86_400,
      fraction: true,
      atMost: "serious",
    },
    serious: {
      title: { en: "Seconds apart that fail", zh: "视为故障的时间差（秒）" },
      default: 300,
      unit: "s",
      min: 0.1,
      max: 86_400,
      fraction: true,
    },
    settle: {
      title: { en: "Minutes that a time service may need", zh: "时间服务允许的同步时间（分钟）" },
      default: 15,
      unit: "min",
      min: 1,
      max: 60,
    },
  },
  track: {
    unsynced: { windowMs: 3_600_000, sample: (_subject, view) => Number(isUnsynced(view.fact("clock"))) },
  },
  sources: [
    "https://chrony-project.org/documentation.html",
    "https://www.freedesktop.org/software/systemd/man/latest/timedatectl.html",
  ],
  lab: { case: "clock-skew" },
  evaluate(subject, view): Verdict {
    const clock = view.fact("clock");
    const read = view.readAt("clock");
    if (!read || read.ms === undefined) return null;
    // The clock was asked somewhere between the start and the end of the reading.
    const doubt = read.ms / 2000 + (clock.fine ? 0 : 1);
    const skew = (clock.epochMs - (read.at - read.ms / 2)) / 1000;
    const surely = Math.max(0, Math.abs(skew) - doubt);
    const adrift =
      isUnsynced(clock) &&
      clock.uptimeSeconds > view.setting("settle") * 60 &&
      lasting(view.samples("unsynced"), view.now) >= view.setting("settle") * 60_000;
    if (surely < view.setting("skew") && !adrift) return pass;
    return {
      status: surely >= view.setting("serious") ? "fail" : "warn",
      cuts: false,
      params: {
        host: subject.name,
        skew: Number(skew.toFixed(1)),
        doubt: Number(doubt.toFixed(1)),
        limit: view.setting("skew"),
        service: serviceOf(clock),
      },
      evidence: [
        {
          command: "date +%s.%N; timedatectl show -p NTP -p NTPSynchronized; chronyc -c tracking",
          excerpt: `${(clock.epochMs / 1000).toFixed(1)} here, ${((read.at - read.ms / 2) / 1000).toFixed(1)} by our clock; ${serviceOf(clock).en}`,
        },
      ],
    };
  },
});

/** A service is meant to keep the clock and says that it does not. A host where none is switched on may be kept by other means. */
const isUnsynced = (clock: Clock): boolean =>
  (clock.timedatectl?.ntp === true && !clock.timedatectl.synchronized && clock.chrony?.leap !== "Normal") ||
  clock.chrony?.leap === "Not synchronised";

function serviceOf(clock: Clock): Wording {
  if (clock.chrony)
    return filled(
      { en: "chrony {leap}, offset {offset} s", zh: "chrony {leap}，偏差 {offset} 秒" },
      { leap: clock.chrony.leap, offset: clock.chrony.systemOffset },
    );
  if (!clock.timedatectl) return { en: "unknown", zh: "未知" };
  if (clock.timedatectl.synchronized) return { en: "in step", zh: "已同步" };
  return clock.timedatectl.ntp ? { en: "on, not in step", zh: "已启用，未同步" } : { en: "off", zh: "未启用" };
}
