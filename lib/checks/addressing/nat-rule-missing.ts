import { overlap, type Subnet, subnetNamed, subnetOf, subnetText } from "../../graph/ipv4";
import { routedEdges } from "../../graph/reach";
import type { FactOf } from "../../probes/registry";
import { type CheckView, defineCheck, pass } from "../define";
import { commandLine } from "../evidence";

/**
 * A NAT network of libvirt runs, and no rule of iptables or nftables masquerades its subnet. Any source translation that may take the subnet counts, whoever wrote it; a rule whose
 * sources cannot be told (a set, a mark) counts as well.
 */
export const check = defineCheck({
  id: "nat-rule-missing",
  layer: "addressing",
  title: { en: "NAT rule is missing", zh: "缺少 NAT 规则" },
  message: {
    en: "No rule translates {subnet} of network {network} ({bridge}): its guests' packets leave with addresses that nobody outside can answer",
    zh: "没有规则转换网络 {network}（{bridge}）的 {subnet}：其虚拟机的数据包以外部无法应答的地址发出",
  },
  expected: { en: "A masquerade rule for {subnet}", zh: "有针对 {subnet} 的 masquerade 规则" },
  repair: {
    en: "Have libvirt write its rules anew; guests keep their link: systemctl reload libvirtd (modular: virtnetworkd). Without effect: virsh net-destroy {network}; virsh net-start {network}, which takes the link from its guests. Then find what flushes rules: a firewall script, nft flush ruleset, iptables -F.",
    zh: "让 libvirt 重写规则，虚拟机不断网：systemctl reload libvirtd（模块化：virtnetworkd）。若无效：virsh net-destroy {network}; virsh net-start {network}（会断开其虚拟机）。然后查明是谁清空规则：防火墙脚本、nft flush ruleset、iptables -F。",
  },
  explain: {
    en: "libvirt puts the rule in when it starts the network. A firewall that is reloaded after it takes the rule away; guests still reach the host and each other, and nothing else.",
    zh: "libvirt 在启动网络时写入规则。之后重新加载的防火墙会将其清除；虚拟机仍能访问主机及彼此，但无法访问外部。",
  },
  needs: ["libvirt-networks", "iptables", "nft"],
  subjects: ["bridge"],
  sources: ["https://libvirt.org/firewall.html", "https://libvirt.org/formatnetwork.html#nat-based-network"],
  lab: { case: "nat-rule-missing" },
  evaluate(bridge, view) {
    const network = view
      .factOrAbsent("libvirt-networks")
      ?.find((one) => one.active && one.bridge?.name === bridge.name && one.forward?.mode === "nat");
    const ip = network?.ips.find((one) => one.family === "ipv4");
    const subnet = ip && subnetOf(ip.address, ip.prefix);
    if (!network || !subnet) return null;
    const rules = sources(view);
    if (rules.some((source) => source === "any" || overlap(source, subnet))) return pass;
    return {
      status: "fail",
      cuts: false,
      breaks: routedEdges(view.graph).flatMap((edge) => (edge.to === bridge.id ? [edge.id] : [])),
      params: { network: network.name, bridge: bridge.name, subnet: subnetText(subnet) },
      evidence: [
        { command: "iptables -t nat -S | grep -E 'MASQUERADE|SNAT'", excerpt: `(no rule for ${subnetText(subnet)})` },
        { command: "nft list ruleset | grep -E 'masquerade|snat'", excerpt: `(no rule for ${subnetText(subnet)})` },
        { command: commandLine(["virsh", "net-dumpxml", network.name]), excerpt: "<forward mode='nat'>" },
      ],
    };
  },
});

type View = CheckView<"libvirt-networks" | "iptables" | "nft">;
type Source = Subnet | "any";

/** Sources that some rule translates; "any" where it asks for none, or for something that cannot be told. */
function sources(view: View): Source[] {
  const iptables = view.factOrAbsent("iptables");
  const nft = iptables === undefined ? view.fact("nft") : view.factOrAbsent("nft");
  return [
    ...(iptables ?? []).flatMap((set) =>
      set.family !== "inet"
        ? []
        : set.tables
            .filter((table) => table.name === "nat")
            .flatMap((table) => table.rules)
            .filter((rule) => /-j (?:MASQUERADE|SNAT|NETMAP)\b/.test(rule.text))
            .map((rule) => fromText(rule.text)),
    ),
    ...(nft?.rules ?? []).flatMap((rule) =>
      (rule.family === "ip" || rule.family === "inet") && rule.expr.some(translates)
        ? [fromExpressions(rule.expr)]
        : [],
    ),
  ];
}

function fromText(text: string): Source {
  const named = /(?:^| )-s (\S+)/.exec(text)?.[1];
  if (named === undefined || / ! -s /.test(text)) return "any";
  return subnetNamed(named) ?? "any";
}

const has = (value: unknown, key: string): boolean =>
  typeof value === "object" && value !== null && Object.hasOwn(value, key);

const translates = (expression: unknown): boolean => has(expression, "masquerade") || has(expression, "snat");

/** The prefix that a rule asks the source address for. */
function fromExpressions(expressions: FactOf<"nft">["rules"][number]["expr"]): Source {
  for (const expression of expressions) {
    const text = JSON.stringify(expression);
    if (!/"field":"saddr"/.test(text) || !/"op":"=="/.test(text)) continue;
    const prefix = /"prefix":\{"addr":"([\d.]+)","len":(\d+)\}/.exec(text);
    if (prefix?.[1] !== undefined && !/"set":/.test(text)) return subnetOf(prefix[1], Number(prefix[2])) ?? "any";
    const single = /"right":"([\d.]+)"/.exec(text);
    return single?.[1] === undefined ? "any" : (subnetNamed(single[1]) ?? "any");
  }
  return "any";
}
