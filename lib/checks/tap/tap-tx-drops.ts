import type { GraphEdge, GraphNode } from "../../graph/model";
import type { FactOf } from "../../probes/registry";
import { type CheckView, defineCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { growth } from "../growth";
import { linkNamed } from "../layer2";

/**
 * The host hands frames to a guest that does not take them: the TAP's queue is full and the kernel drops. A paused guest takes none by design, and a few drops in a burst are no fault.
 */
export const check = defineCheck({
  id: "tap-tx-drops",
  layer: "tap",
  title: { en: "Guest does not take its frames", zh: "虚拟机未取走数据帧" },
  message: {
    en: "{dropped} frames for {vm} were dropped at {tap} within {seconds} s (limit {limit}), {taken} were taken",
    zh: "{seconds} 秒内发往 {vm} 的 {dropped} 个帧在 {tap} 被丢弃（阈值 {limit}），取走 {taken} 个",
  },
  expected: {
    en: "Fewer than {limit} drops at {tap} within {seconds} s",
    zh: "{tap} 在 {seconds} 秒内丢弃少于 {limit} 个",
  },
  repair: {
    en: "Look into {vm} on its console: does it respond, is its network driver loaded, is its interface up? When it takes some frames but not all, give it more queues and CPUs (virtio with vhost, driver queues=). Reset it only when it does not come back.",
    zh: "从控制台检查 {vm}：是否挂起、网卡驱动是否加载、接口是否启用？若取走一部分但有丢弃，则增加队列和 CPU（virtio 配合 vhost，driver queues=）。确实无法恢复时再重置。",
  },
  explain: {
    en: "A TAP's transmit queue holds what the guest has not read yet (1,000 frames by default). It overflows when the guest has stopped, its driver does not run, or it is slower than what is sent to it.",
    zh: "TAP 的发送队列存放虚拟机尚未读取的帧（默认 1000 个）。虚拟机挂起、驱动未运行或处理过慢时队列溢出。",
  },
  needs: ["ip-link"],
  optional: ["libvirt-state"],
  subjects: ["tap"],
  settings: {
    drops: {
      title: { en: "Drops within the window", zh: "窗口内丢帧数" },
      default: 100,
      unit: "frames",
      min: 1,
      max: 1_000_000,
    },
    share: {
      title: { en: "Least share of all frames to the guest", zh: "占发往虚拟机帧数的最小比例" },
      default: 1,
      unit: "%",
      min: 0,
      max: 100,
      fraction: true,
    },
    window: {
      title: { en: "Seconds over which it is judged", zh: "判断窗口秒数" },
      default: 60,
      unit: "s",
      min: 10,
      max: 300,
    },
  },
  track: {
    dropped: { windowMs: 300_000, sample: (subject, view) => sentTo(subject, view)?.dropped },
    taken: { windowMs: 300_000, sample: (subject, view) => sentTo(subject, view)?.packets },
    // 1 while it does not run: what its TAP dropped meanwhile is no fault of it afterwards either.
    paused: {
      windowMs: 300_000,
      sample: (subject, view) => {
        if ("from" in subject) return undefined;
        const state = stateOf(view.factIfRead("libvirt-state"), String(subject.attributes.vm));
        return state === undefined ? undefined : Number(state !== "running");
      },
    },
  },
  sources: [
    "https://docs.kernel.org/networking/tuntap.html",
    "https://github.com/torvalds/linux/blob/v6.1/drivers/net/tun.c",
    "https://docs.kernel.org/networking/statistics.html",
  ],
  lab: { case: "tap-tx-drops" },
  evaluate(subject, view) {
    const { vm } = subject.attributes;
    view.fact("ip-link");
    if (typeof vm !== "string" || subject.attributes.up !== true) return null;
    const windowMs = view.setting("window") * 1000;
    const all = growth(view.samples("dropped"), view.now, windowMs);
    if (!all) return null;
    // Of nearly every guest this is all there is to ask, at each sweep.
    if (all.delta < view.setting("drops")) return pass;
    const state = stateOf(view.factIfRead("libvirt-state"), vm);
    if (state !== undefined && state !== "running") return null;
    const paused = view.samples("paused").findLast((sample) => sample.value === 1)?.at ?? 0;
    const [dropped, passed] = (["dropped", "taken"] as const).map((track) =>
      growth(
        view.samples(track).filter((sample) => sample.at > paused),
        view.now,
        windowMs,
      ),
    );
    if (!dropped || dropped.delta < view.setting("drops")) return pass;
    const taken = passed?.delta ?? 0;
    const share = (100 * dropped.delta) / Math.max(1, dropped.delta + taken);
    if (share < view.setting("share")) return pass;
    return {
      status: "warn",
      params: {
        tap: subject.name,
        vm,
        dropped: dropped.delta,
        taken,
        seconds: Math.round(dropped.ms / 1000),
        limit: view.setting("drops"),
      },
      evidence: [
        {
          command: commandLine(["ip", "-s", "link", "show", "dev", subject.name], subject.attributes),
          excerpt: `TX: packets ${view.samples("taken").at(-1)?.value ?? "?"}  dropped ${view.samples("dropped").at(-1)?.value ?? "?"} (+${dropped.delta})`,
        },
      ],
    };
  },
});

type States = FactOf<"libvirt-state">;

/** By the fact's own object: every TAP of the host asks. */
const index = new WeakMap<States, ReadonlyMap<string, States[number]["state"]>>();

function stateOf(states: States | undefined, vm: string): States[number]["state"] {
  if (!states) return undefined;
  let known = index.get(states);
  if (!known) {
    known = new Map(states.map((domain) => [domain.name, domain.state]));
    index.set(states, known);
  }
  return known.get(vm);
}

/** What the host sent towards the guest, as the TAP counts it. */
function sentTo(subject: GraphNode | GraphEdge, view: CheckView<"ip-link">) {
  if ("from" in subject) return undefined;
  const { attributes } = subject;
  if (attributes.netns !== undefined || typeof attributes.vm !== "string") return undefined;
  const own = linkNamed(view.fact("ip-link"), subject.name);
  return own?.ifindex === attributes.ifindex ? own?.stats64?.tx : undefined;
}
