import type { FactOf } from "../../probes/registry";
import { filled, type Wording } from "../../wording";
import { defineCheck, type Evidence, pass, unknown } from "../define";
import { commandLine } from "../evidence";

type Qdisc = FactOf<"tc">["qdiscs"][number];
export type Filter = FactOf<"tc">["filters"][number];
type Support = FactOf<"virt-support">;

interface Finding {
  readonly what: Wording;
  /** Everything that comes by is gone. */
  readonly all: boolean;
  readonly evidence: Evidence;
}

const ruleThat: Wording = {
  en: "a tc {kind} rule ({direction}) that {what}",
  zh: "tc {kind} 规则（{direction}）：{what}",
};

const several = (all: readonly Wording[]): Wording => ({
  en: all.map(({ en }) => en).join("; "),
  zh: all.map(({ zh }) => zh).join("；"),
});

/** Programs of container networks, by the names that their makers give them: what they do is their own business. */
const ofContainers =
  /^(cil_|cali_|calico|bpf_(lxc|host|netdev|overlay)|from-(container|netdev|host|overlay)|to-(container|netdev|host))/;

/**
 * Something on a path element that drops, delays or diverts frames below all firewalls: netem, a tc rule that drops or redirects, a policer that has dropped, a BPF or XDP program. No
 * fault: bandwidth limits that libvirt (as its XML says), Proxmox VE or Open vSwitch set themselves, policers that dropped nothing, redirects to an ifb (shaping), mirrors, Open vSwitch's
 * offloaded flows, the programs of Cilium and Calico, and hooks (clsact) without a rule. What a policer does with excess cannot be read (tc prints the key `control_action` twice, and the
 * second is what it does with the rest): its drop counter tells. Programs on tcx (a BPF link since Linux 6.6) and filters below a classful qdisc are not read.
 */
export const check = defineCheck({
  id: "datapath-program",
  layer: "tap",
  title: { en: "A program on the path drops or diverts frames", zh: "路径上的程序丢弃或转移数据帧" },
  message: { en: "{link} has {what}", zh: "{link} 上有：{what}" },
  expected: {
    en: "No netem, no dropping or diverting tc rule and no unknown XDP or BPF program on {link}",
    zh: "{link} 上没有 netem、丢弃或转移的 tc 规则以及未知的 XDP 或 BPF 程序",
  },
  repair: {
    en: "Find what put it there, note it down (tc -s filter show dev {link} ingress; tc -s qdisc show dev {link}), then take it off: tc qdisc del dev {link} root (netem), tc qdisc del dev {link} clsact (rules), ip link set dev {link} xdp off.",
    zh: "查明来源并记录（tc -s filter show dev {link} ingress；tc -s qdisc show dev {link}），然后移除：tc qdisc del dev {link} root（netem）、tc qdisc del dev {link} clsact（规则）、ip link set dev {link} xdp off。",
  },
  explain: {
    en: "XDP and tc act before the bridge and before every firewall: neither iptables nor nft shows them, and a capture on the interface may not see the frame either. They are left behind by tests, measurements and agents. A policer counts when it has dropped frames and is no limit that libvirt, Proxmox VE or Open vSwitch set. Not read: BPF programs on tcx, and filters below a classful qdisc.",
    zh: "XDP 和 tc 在网桥和所有防火墙之前生效：iptables 和 nft 都看不到，在接口上抓包也可能看不到。它们常由测试、测量或代理程序遗留。限速规则（police）只有丢弃过数据帧、且不是由 libvirt、Proxmox VE 或 Open vSwitch 设置时才报告。不读取：tcx 上的 BPF 程序以及有类队列规则下的过滤器。",
  },
  needs: ["ip-link", "tc"],
  optional: ["virt-support", "libvirt-domains", "libvirt-networks"],
  subjects: ["nic", "bond", "vlan", "vxlan", "bridge", "veth", "tap", "macvtap"],
  sources: [
    "https://man7.org/linux/man-pages/man8/tc.8.html",
    "https://man7.org/linux/man-pages/man8/tc-netem.8.html",
    "https://man7.org/linux/man-pages/man8/ip-link.8.html",
  ],
  lab: { case: "datapath-program" },
  evaluate(link, view) {
    // Long: each kind of program has its own words and evidence.
    view.fact("ip-link");
    const { netns, master } = link.attributes;
    if (netns !== undefined) return null;
    const tc = view.factOrAbsent("tc");
    const limited =
      (view.factIfRead("libvirt-domains") ?? []).some(({ interfaces }) =>
        interfaces.some((nic) => nic.limited && nic.target === link.name),
      ) || (view.factIfRead("libvirt-networks") ?? []).some((one) => one.limited && one.bridge?.name === link.name);
    const onPath = typeof master === "string" || link.kind === "tap";
    const found: Finding[] = [];
    for (const qdisc of tc?.qdiscs ?? []) if (qdisc.dev === link.name) found.push(...netem(qdisc));
    for (const filter of tc?.filters ?? [])
      if (filter.dev === link.name)
        found.push(...acts(filter, master === "ovs-system", onPath), ...(limited ? [] : policed(filter, master)));
    if (!tc && link.attributes.qdisc === "netem")
      found.push({
        what: {
          en: "netem, which spoils traffic on purpose (what it does, tc would say, which is not installed)",
          zh: "netem，它会故意破坏流量（具体效果需用 tc 查看，但主机未安装 tc）",
        },
        all: false,
        evidence: {
          command: commandLine(["ip", "link", "show", "dev", link.name]),
          excerpt: `${link.name}: qdisc netem`,
        },
      });
    if (link.attributes.xdp === true && onPath && found.length === 0)
      found.push({
        what: {
          en: "an XDP program, which decides on every frame before the bridge sees it",
          zh: "XDP 程序，它在网桥之前决定每个帧的去留",
        },
        all: false,
        evidence: {
          command: commandLine(["ip", "-d", "link", "show", "dev", link.name]),
          excerpt: `${link.name}: xdp`,
        },
      });
    const silent = !limited && (tc?.filters ?? []).some((one) => one.dev === link.name && uncounted(one, master));
    const [first, ...more] = found;
    if (!first && silent)
      return unknown({
        en: "the counters of a rule that limits the rate were not printed",
        zh: "限速规则的计数器未输出",
      });
    if (!first)
      return tc || !mayFilter(view.factIfRead("virt-support"))
        ? pass
        : unknown({
            en: "tc is not installed: rules on this interface cannot be read",
            zh: "未安装 tc：无法读取该接口上的规则",
          });
    const all = found.some((one) => one.all);
    return {
      status: all ? "fail" : "warn",
      params: { link: link.name, what: several(found.map((one) => one.what)) },
      evidence: [first.evidence, ...more.map((one) => one.evidence)],
      cuts: all,
    };
  },
});

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

function netem(qdisc: Qdisc): Finding[] {
  if (qdisc.kind !== "netem") return [];
  const effects = Object.entries(qdisc.options ?? {}).filter(
    ([key, value]) => isObject(value) && /^(delay|loss|corrupt|duplicate|reorder|rate|slot|ecn|gap)/.test(key),
  );
  if (effects.length === 0) return [];
  const lost = effects.some(([key, value]) => key === "loss-random" && isObject(value) && value.loss === 1);
  return [
    {
      what: filled(
        { en: "netem ({effects}), which spoils traffic on purpose", zh: "netem（{effects}），它会故意破坏流量" },
        { effects: effects.map(([key]) => key).join(", ") },
      ),
      all: lost,
      evidence: {
        command: commandLine(["tc", "-s", "qdisc", "show", "dev", qdisc.dev]),
        excerpt: `qdisc netem ${qdisc.root ? "root" : ""} ${JSON.stringify(Object.fromEntries(effects))}`,
      },
    },
  ];
}

/** What a filter does to frames. Open vSwitch offloads its own flows as flower rules with redirects. */
function acts(filter: Filter, ovs: boolean, onPath: boolean): Finding[] {
  const options = filter.options ?? {};
  const said = (what: Wording, all: boolean): Finding => ({
    what: filled(ruleThat, { kind: filter.kind, direction: filter.direction, what }),
    all,
    evidence: {
      command: commandLine(["tc", "-s", "filter", "show", "dev", filter.dev, filter.direction]),
      excerpt: `filter ${filter.kind} pref ${filter.pref ?? "?"}: ${what.en}`,
    },
  });
  if (filter.kind === "bpf") {
    const name = typeof options.bpf_name === "string" ? options.bpf_name : "?";
    if (!onPath || filter.options === undefined || ofContainers.test(name)) return [];
    return [
      said(
        filled(
          { en: "runs the program {name}, which decides on every frame", zh: "运行程序 {name}，由它决定每个帧的去留" },
          { name },
        ),
        false,
      ),
    ];
  }
  if (ovs && filter.kind === "flower") return [];
  const whole = filter.kind === "matchall";
  const found: Finding[] = [];
  for (const action of Array.isArray(options.actions) ? (options.actions as readonly unknown[]) : []) {
    if (!isObject(action)) continue;
    const control = isObject(action.control_action) ? action.control_action.type : undefined;
    if (action.kind === "gact" && control === "drop") found.push(said({ en: "drops", zh: "丢弃数据帧" }, whole));
    if (action.kind === "mirred" && action.mirred_action === "redirect" && !/^ifb/.test(String(action.to_dev)))
      found.push(
        said(filled({ en: "diverts to {dev}", zh: "把数据帧转移到 {dev}" }, { dev: String(action.to_dev) }), whole),
      );
  }
  return found;
}

interface Counted {
  readonly packets: number | undefined;
  readonly drops: number | undefined;
}

/** Counters of the policers in a filter: of its actions, or of the filter itself where the policer is none of its actions (u32 in its old form, as libvirt writes it). */
function policers(filter: Filter): Counted[] {
  const number = (value: unknown) => (typeof value === "number" ? value : undefined);
  const actions = Array.isArray(filter.options?.actions) ? (filter.options.actions as readonly unknown[]) : [];
  const found = actions.filter(isObject).flatMap((action): Counted[] => {
    if (action.kind !== "police") return [];
    const stats = isObject(action.stats) ? action.stats : {};
    return [{ packets: number(stats.packets), drops: number(stats.drops) }];
  });
  return filter.options?.kind === "police" ? [...found, { packets: filter.packets, drops: filter.drops }] : found;
}

/** Limits that belong to somebody: Open vSwitch's ingress_policing_rate, and Proxmox VE's rate= (`basic`, pref 50, on taps named tap100i0). */
const ownLimit = (filter: Filter, master: unknown) =>
  master === "ovs-system" || (filter.pref === 50 && filter.kind === "basic" && /^(tap|veth)\d+i\d+$/.test(filter.dev));

/** What policers of this filter have dropped. Everything, where it takes every frame and let none pass. */
function policed(filter: Filter, master: unknown): Finding[] {
  if (ownLimit(filter, master)) return [];
  return policers(filter).flatMap(({ packets = 0, drops = 0 }): Finding[] => {
    if (drops === 0) return [];
    const limits = { en: `limits the rate and dropped ${drops} frames`, zh: `限速并已丢弃 ${drops} 个帧` };
    return [
      {
        what: filled(ruleThat, { kind: filter.kind, direction: filter.direction, what: limits }),
        all: filter.kind === "matchall" && packets >= 10 && drops >= packets,
        evidence: {
          command: commandLine(["tc", "-s", "filter", "show", "dev", filter.dev, filter.direction]),
          excerpt: `filter ${filter.kind} pref ${filter.pref ?? "?"}: police, ${packets} packets, dropped ${drops}`,
        },
      },
    ];
  });
}

const uncounted = (filter: Filter, master: unknown): boolean =>
  !ownLimit(filter, master) && policers(filter).some(({ drops }) => drops === undefined);

/** Whether the kernel has what rules hang on (sch_ingress brings clsact as well), or may have it: without tc nobody reads them. */
function mayFilter(support: Support | undefined): boolean {
  if (support?.builtin === undefined || support.modules.length === 0) return true;
  const there = [...support.modules, ...support.builtin];
  return ["sch_ingress", "sch_netem"].some((name) => there.includes(name));
}
