import type { GraphNode } from "../../graph/model";
import type { FactOf } from "../../probes/registry";
import { type CheckView, defineCheck, pass } from "../define";
import { commandLine } from "../evidence";

export type Managers = FactOf<"managers">;

/**
 * One interface, two managers that both configure it: each undoes what the other did. Only an active claim counts. NetworkManager shows what others made as "connected (externally)"
 * and leaves it alone; "unmanaged" is no claim in either of them.
 */
export const check = defineCheck({
  id: "managers-conflict",
  layer: "host",
  title: { en: "Two managers claim one interface", zh: "两个网络管理器争用同一接口" },
  message: { en: "{link} is claimed by {managers}", zh: "{link} 同时被 {managers} 管理" },
  expected: {
    en: "One manager configures {link}, the others leave it alone",
    zh: "{link} 只由一个管理器配置，其余不干预",
  },
  repair: {
    en: "Decide which one shall manage {link}. Then tell the other: nmcli device set {link} managed no (and unmanaged-devices in /etc/NetworkManager/conf.d); a .network file with Unmanaged=yes for systemd-networkd; take its stanza out of /etc/network/interfaces; for a bridge of libvirt, leave it to libvirt.",
    zh: "确定 {link} 由谁管理，然后让另一方放手：nmcli device set {link} managed no（并在 /etc/NetworkManager/conf.d 中设置 unmanaged-devices）；systemd-networkd 使用 Unmanaged=yes 的 .network 文件；从 /etc/network/interfaces 中删除对应段落；若为 libvirt 的网桥，则交给 libvirt。",
  },
  explain: {
    en: "A manager that believes it owns an interface takes foreign addresses off it, pulls it out of its bridge, or sets it down - at the next restart, lease or carrier change. The network then breaks at times that nobody can explain.",
    zh: "管理器认为接口归自己所有时，会删除外来地址、将其移出网桥或关闭它，往往发生在重启、续租或链路变化时。于是网络会在无法解释的时刻中断。",
  },
  needs: ["managers"],
  optional: ["libvirt-networks"],
  subjects: ["nic", "bond", "bridge", "vlan"],
  sources: [
    "https://networkmanager.dev/docs/api/latest/NetworkManager.conf.html",
    "https://www.freedesktop.org/software/systemd/man/latest/systemd.network.html",
    "https://manpages.debian.org/bookworm/ifupdown/interfaces.5.en.html",
  ],
  lab: { case: "managers-conflict" },
  evaluate(subject, view) {
    if (typeof subject.attributes.netns === "string") return null;
    const claims = claimsOn(subject, view.fact("managers"), view);
    const [first, ...more] = claims;
    if (!first) return null;
    if (more.length === 0) return pass;
    return {
      status: "warn",
      params: { link: subject.name, managers: claims.map((claim) => claim.manager).join(" + ") },
      evidence: [evidenceOf(first), ...more.map(evidenceOf)],
    };
  },
});

interface Claim {
  readonly manager: string;
  readonly command: string;
  readonly excerpt: string;
}

const evidenceOf = ({ command, excerpt }: Claim) => ({ command, excerpt });

const busy: ReadonlySet<string> = new Set(["configured", "configuring", "failed"]);

function claimsOn(subject: GraphNode, managers: Managers, view: CheckView<"managers">): Claim[] {
  const { name } = subject;
  const claims: Claim[] = [];
  const nm = managers.networkManager?.find((entry) => entry.device === name);
  if (nm && /^(connected|connecting)/.test(nm.state) && !nm.state.includes("externally"))
    claims.push({
      manager: "NetworkManager",
      command: commandLine(["nmcli", "-f", "GENERAL.STATE,GENERAL.CONNECTION", "device", "show", name]),
      excerpt: `${nm.state} ${nm.connection ?? ""}`.trim(),
    });
  const networkd = managers.networkd?.find((entry) => entry.link === name);
  if (networkd && busy.has(networkd.setup))
    claims.push({
      manager: "systemd-networkd",
      command: commandLine(["networkctl", "status", name]),
      excerpt: `${networkd.operational} (${networkd.setup})`,
    });
  const ifupdown = managers.ifupdown?.find((entry) => entry.iface === name);
  if (ifupdown)
    claims.push({
      manager: "ifupdown",
      command: "ifquery --state",
      excerpt: `${ifupdown.iface}=${ifupdown.logical}`,
    });
  const network = view
    .factIfRead("libvirt-networks")
    ?.find((one) => one.active && one.forward?.mode !== "bridge" && one.bridge?.name === name);
  if (network)
    claims.push({
      manager: "libvirt",
      command: commandLine(["virsh", "net-dumpxml", network.name]),
      excerpt: `<bridge name='${name}'/>`,
    });
  return claims;
}
