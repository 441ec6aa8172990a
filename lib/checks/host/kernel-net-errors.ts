import type { GraphNode } from "../../graph/model";
import { listed } from "../../wording";
import { type CheckView, defineCheck, pass } from "../define";
import { asLogged, isRecent, type KernelLine, picker } from "../kernel-lines";

/**
 * What the kernel's own log says against the network: transmit timeouts, driver resets, hung hardware, wrong checksums, martians, frames with our own address. Said of the interface that
 * the line names, else of the host; only while it is fresh. Ordinary lines (a port enters forwarding state, a link comes up) are none.
 */
export const check = defineCheck({
  id: "kernel-net-errors",
  layer: "host",
  title: { en: "Kernel complains about the network", zh: "内核报告网络错误" },
  message: {
    en: "{name}: the kernel logged {count} network errors in {minutes} min ({classes})",
    zh: "{name}：内核在 {minutes} 分钟内记录了 {count} 条网络错误（{classes}）",
  },
  expected: {
    en: "No transmit timeout, reset, martian or own-address line about {name} in {minutes} min",
    zh: "{minutes} 分钟内没有关于 {name} 的发送超时、复位、异常源地址或自身地址回环记录",
  },
  repair: {
    en: "Of {name}, by class ({classes}). Transmit timeout, stall or reset: update the card's driver and firmware, reseat or replace it, and move traffic to another NIC until then. Checksum failure: ethtool -K {name} rx off. Martian: look for a wrong route or VLAN, or rp_filter against asymmetric routes. Own address: look for a loop outside, or for another machine with the same MAC.",
    zh: "针对 {name}，按类别（{classes}）处理。发送超时、挂起或复位：更新网卡驱动和固件，重新插拔或更换，并先将流量切到其他网卡。校验和错误：ethtool -K {name} rx off。异常源地址：检查错误的路由或 VLAN，或 rp_filter 与非对称路由的冲突。自身地址：检查外部环路，或是否有另一台机器使用相同 MAC。",
  },
  explain: {
    en: "The kernel sees what no counter shows: a card that stopped sending, a driver that reset it, packets with impossible addresses, our own frames coming back. Such a line often comes before the outage.",
    zh: "内核能看到计数器看不到的问题：网卡停止发送、驱动复位、地址异常的包、自己发出的帧又回来了。这类日志常在断网之前出现。",
  },
  needs: ["kernel-log", "clock"],
  subjects: ["nic", "bond", "bridge", "vlan", "tap", "veth", "host"],
  settings: {
    window: {
      title: { en: "Minutes for which a line counts", zh: "日志有效时长（分钟）" },
      default: 30,
      unit: "min",
      min: 1,
      max: 1_440,
    },
    own: {
      title: { en: "Lines about our own address that count as a fault", zh: "自身地址日志达到多少条视为故障" },
      default: 3,
      unit: "lines",
      min: 1,
      max: 1_000,
    },
  },
  sources: [
    "https://docs.kernel.org/networking/ip-sysctl.html",
    "https://github.com/torvalds/linux/blob/v6.1/net/sched/sch_generic.c",
    "https://github.com/torvalds/linux/blob/v6.1/net/bridge/br_fdb.c",
  ],
  lab: { case: "kernel-net-errors" },
  evaluate(subject, view) {
    if (typeof subject.attributes.netns === "string") return null;
    const minutes = view.setting("window");
    const clock = view.fact("clock");
    const errors = errorsIn(view.fact("kernel-log")).filter(
      (error) => isRecent(error.line, clock, minutes) && concerns(error, subject, view),
    );
    const own = errors.filter((error) => error.kind.id === "own address").length;
    const kept = own < view.setting("own") ? errors.filter((error) => error.kind.id !== "own address") : errors;
    const [first] = kept;
    const last = kept.at(-1);
    if (!first || !last) return subject.kind === "host" ? pass : null;
    const classes = [...new Set(kept.map((error) => error.kind))];
    return {
      status: "warn",
      params: {
        name: subject.name,
        count: kept.length,
        minutes,
        classes: listed(classes.map(({ id, zh }) => ({ en: id, zh }))),
      },
      evidence: [
        {
          command: "dmesg",
          excerpt: (first === last ? [first] : [first, last]).map((error) => asLogged(error.line)).join("\n"),
        },
      ],
    };
  },
});

interface Kind {
  readonly id: string;
  readonly zh: string;
  /** Its group `dev`, where there is one, is the interface. */
  readonly form: RegExp;
}

/** Anchored, or of such words that nothing else says them: anyone may write to the log, and a guest's name must not make an error. */
const kinds: readonly Kind[] = [
  {
    id: "transmit timeout",
    zh: "发送超时",
    form: /^(?:NETDEV WATCHDOG: (?<dev>\S+) \(\S*\): transmit queue \d+ timed out|\S+ \S+ (?<dev2>\S+): NETDEV WATCHDOG: .*timed out)/,
  },
  {
    id: "hardware hang or reset",
    zh: "硬件挂起或复位",
    form: /^\S+ [0-9a-f:.]+ (?<dev>\S+): (?:Detected (?:Hardware Unit Hang|Tx Unit Hang)|Reset adapter|initiating reset|Fake Tx hang|.*adapter reset|.*(?:firmware|fw) (?:error|crash|hang|fatal)|transmit timed out, resetting|rtl_\w+ == \d+ \(loop: \d+, delay: \d+\))/i,
  },
  {
    id: "checksum failure",
    zh: "校验和错误",
    form: /^(?<dev>\S+): hw csum failure/,
  },
  {
    id: "martian",
    zh: "异常源地址",
    form: /^(?:IPv4: )?martian (?:source|destination) .* dev (?<dev>\S+)/,
  },
  {
    id: "own address",
    zh: "自身地址回环",
    form: /^(?<dev>\S+): received packet on \S+ with own address as source address/,
  },
];

interface NetError {
  readonly kind: Kind;
  readonly dev: string | undefined;
  readonly line: KernelLine;
}

function classify(line: KernelLine): NetError | undefined {
  for (const kind of kinds) {
    const match = kind.form.exec(line.text);
    if (match) return { kind, line, dev: match.groups?.dev ?? match.groups?.dev2 };
  }
  return undefined;
}

const errorsIn = picker(classify);

/** The interface's own lines; the host has those that name nothing it has. */
function concerns(error: NetError, subject: GraphNode, view: CheckView<"kernel-log" | "clock">): boolean {
  if (subject.kind !== "host") return error.dev === subject.name;
  const { dev } = error;
  return (
    dev === undefined ||
    !interfaceKinds.some((kind) =>
      view.graph.ofKind(kind).some((node) => node.name === dev && node.attributes.netns === undefined),
    )
  );
}

const interfaceKinds = ["nic", "bond", "bridge", "vlan", "tap", "veth"] as const;
