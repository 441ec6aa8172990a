import type { GraphEdge, GraphNode } from "../../graph/model";
import type { FactOf } from "../../probes/registry";
import { type CheckView, defineCheck, pass, unknown } from "../define";
import { commandLine } from "../evidence";
import { growth } from "../growth";

type View = CheckView<"libvirt-domains">;
type Nft = FactOf<"nft">;

/** Chains of libvirt's filters against false source addresses; others (no-other-l2-traffic) drop what every guest sends now and then. */
const spoofChain = /^I-(.+?)-(mac|arp-mac|arp-ip|ipv4-ip|ipv6-ip)$/;

/** Filters of libvirt's that hold the guest to $IP, by their own names; what includes them, by their definitions. */
const holdsToAddress = new Set([
  "clean-traffic",
  "clean-traffic-gateway",
  "no-ip-spoofing",
  "no-arp-ip-spoofing",
  "no-arp-spoofing",
]);

/**
 * A libvirt filter drops what the guest sends from its own address, because the filter was told another one. Seen by the addresses that the guest has against the filter's IP
 * parameters, or by the counters of the rules against false sources. A filter that learns the address (no IP parameter) is well. The counters are those of nftables (ebtables-nft writes there):
 * with ebtables-legacy only the addresses tell, and where nobody tells those either, nothing is known.
 */
export const check = defineCheck({
  id: "nwfilter-blocks",
  layer: "tap",
  title: { en: "libvirt's filter drops the guest's own frames", zh: "libvirt 过滤器丢弃虚拟机自己的帧" },
  message: {
    en: "The filter {filter} on {tap} of {vm} allows {allowed}, but the guest sends from {actual}: its frames are dropped",
    zh: "{vm} 的 {tap} 上的过滤器 {filter} 只允许 {allowed}，而虚拟机使用 {actual} 发送：其帧被丢弃",
  },
  expected: {
    en: "The filter's parameters hold the addresses that {vm} uses",
    zh: "过滤器参数包含 {vm} 使用的地址",
  },
  repair: {
    en: "Correct the filter's parameter: virsh edit {vm}, <filterref filter='{filter}'> with <parameter name='IP' value='...'/> as the guest has it (one line each), then virsh update-device or stop and start. Without any IP parameter libvirt learns the address.",
    zh: "修正过滤器参数：virsh edit {vm}，在 <filterref filter='{filter}'> 中把 <parameter name='IP' value='...'/> 改为虚拟机的地址（每个一行），然后 virsh update-device 或重启虚拟机。不写 IP 参数时 libvirt 会自动学习地址。",
  },
  explain: {
    en: "clean-traffic and its parts let a guest send only from the MAC and the addresses that its definition names. A guest that was given a new address, or a filter copied from another guest, is cut off without a word: ARP answers are dropped at the TAP. Rules that ebtables-legacy holds are not read: there only the guest's addresses tell.",
    zh: "clean-traffic 及其组成部分只允许虚拟机用定义中的 MAC 和地址发送。虚拟机更换了地址，或过滤器是从别的虚拟机复制来的，就会被无声切断：ARP 应答在 TAP 处被丢弃。不读取 ebtables-legacy 中的规则：此时只能依据虚拟机的地址判断。",
  },
  needs: ["libvirt-domains"],
  optional: ["libvirt-ifaddr", "libvirt-nwfilters", "nft", "virt-support"],
  subjects: ["vnic"],
  settings: {
    drops: {
      title: { en: "Dropped frames within the window", zh: "窗口内丢弃的帧数" },
      default: 5,
      unit: "frames",
      min: 1,
      max: 1_000_000,
    },
    window: {
      title: { en: "Seconds over which it is judged", zh: "判断窗口秒数" },
      default: 120,
      unit: "s",
      min: 10,
      max: 600,
    },
  },
  track: {
    dropped: { windowMs: 600_000, sample: (subject, view) => droppedBy(subject, view) },
  },
  sources: ["https://libvirt.org/formatnwfilter.html", "https://libvirt.org/formatdomain.html#traffic-filtering"],
  lab: { case: "nwfilter-blocks" },
  evaluate(vnic, view) {
    // Long: each kind of rule has its own words and evidence.
    const cable = view.graph.towardsWire(vnic.id).filter((edge) => edge.kind === "tap-vnic");
    const tap = cable[0] && view.graph.node(cable[0].from);
    if (!tap) return null;
    const domain = view.factOrAbsent("libvirt-domains")?.find((one) => one.name === vnic.attributes.vm);
    const nic = domain?.interfaces.find((one) => one.mac === vnic.attributes.mac);
    if (!nic?.filterref || !domain) return null;
    const { filter, parameters } = nic.filterref;
    const allowed = parameters.filter(({ name }) => name === "IP").map(({ value }) => value);
    const own = (view.factIfRead("libvirt-ifaddr")?.addresses ?? [])
      .filter((entry) => entry.mac === nic.mac && entry.family === "ipv4" && entry.source !== "lease")
      .map((entry) => entry.address)
      .filter((address) => !address.startsWith("169.254."));
    const wrong =
      allowed.length > 0 &&
      own.length > 0 &&
      holdsIp(filter, view.factIfRead("libvirt-nwfilters")) &&
      !own.some((address) => allowed.includes(address));
    const drops = growth(view.samples("dropped"), view.now, view.setting("window") * 1000);
    const counted = drops !== undefined && drops.delta >= view.setting("drops");
    if (!wrong && !counted) {
      const byAddress =
        own.length > 0 || allowed.length === 0 || !holdsIp(filter, view.factIfRead("libvirt-nwfilters"));
      return byAddress || isCounted(tap.name, view)
        ? pass
        : unknown({
            en: "neither the guest's own address nor the counters of the filter's rules could be read",
            zh: "既未读取到虚拟机自身的地址，也未读取到过滤规则的计数器",
          });
    }
    return {
      status: wrong && drops?.delta !== 0 ? "fail" : "warn",
      params: {
        vm: domain.name,
        tap: tap.name,
        filter,
        allowed: allowed.join(", ") || String(nic.mac ?? "-"),
        actual: wrong ? own.join(", ") : { en: "another source", zh: "其他源地址" },
      },
      evidence: [
        {
          command: commandLine(["virsh", "dumpxml", domain.name]),
          excerpt: [
            `<filterref filter='${filter}'>`,
            ...parameters.map(({ name, value }) => `<parameter name='${name}' value='${value}'/>`),
          ].join(" "),
        },
        ...(counted
          ? [
              {
                command: "nft list table bridge nat",
                excerpt: `chains I-${tap.name}-*: ${drops.delta} frames dropped in ${Math.round(drops.ms / 1000)} s`,
              },
            ]
          : []),
        ...(wrong
          ? [
              {
                command: commandLine(["virsh", "domifaddr", domain.name, "--source", "arp"]),
                excerpt: own.map((address) => `${tap.name}  ${nic.mac ?? "-"}  ipv4  ${address}`).join("\n"),
              },
            ]
          : []),
      ],
      breaks: cable.map((edge) => edge.id),
      cuts: false,
    };
  },
});

/** Does the filter, or one that it includes, use $IP? By libvirt's own names where the definitions were not read. */
function holdsIp(filter: string, filters: FactOf<"libvirt-nwfilters"> | undefined): boolean {
  if (holdsToAddress.has(filter)) return true;
  const seen = new Set<string>();
  const queue = [filter];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (holdsToAddress.has(name)) return true;
    if (seen.has(name)) continue;
    seen.add(name);
    const found = filters?.find((one) => one.name === name);
    if (
      found?.rules.some((rule) =>
        rule.matches.some((match) => match.conditions.some(({ value }) => /^\$IP\b/.test(value))),
      )
    )
      return true;
    queue.push(...(found?.refs ?? []));
  }
  return false;
}

const counters = new WeakMap<Nft, ReadonlyMap<string, number>>();

/** Frames that the rules against false sources dropped, by interface. One pass over the rules for all guests. */
function drops(nft: Nft): ReadonlyMap<string, number> {
  const known = counters.get(nft);
  if (known) return known;
  const found = new Map<string, number>();
  for (const rule of nft.rules) {
    const tap = rule.family === "bridge" ? spoofChain.exec(rule.chain)?.[1] : undefined;
    if (tap === undefined || !rule.expr.some((part) => isObject(part) && "drop" in part)) continue;
    for (const part of rule.expr) {
      const counter = isObject(part) ? part.counter : undefined;
      if (isObject(counter) && typeof counter.packets === "number")
        found.set(tap, (found.get(tap) ?? 0) + counter.packets);
    }
  }
  counters.set(nft, found);
  return found;
}

/** Whether the rules' counters can be read: not where ebtables-legacy has them, of which nftables knows nothing. */
function isCounted(tap: string, view: View): boolean {
  const nft = view.factIfRead("nft");
  if (!nft) return false;
  return drops(nft).has(tap) || !(view.factIfRead("virt-support")?.modules ?? []).includes("ebtable_nat");
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

function droppedBy(subject: GraphNode | GraphEdge, view: View): number | undefined {
  const tap = "from" in subject ? undefined : subject.attributes.tap;
  const nft = typeof tap === "string" ? view.factIfRead("nft") : undefined;
  // No chain of its own: none dropped so far. So the first reading after a filter was put on already tells how many it dropped.
  return nft && typeof tap === "string" ? (drops(nft).get(tap) ?? 0) : undefined;
}
