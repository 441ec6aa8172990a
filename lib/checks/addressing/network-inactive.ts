import type { FactOf } from "../../probes/registry";
import { defineCheck, pass } from "../define";
import { commandLine } from "../evidence";

export type Network = FactOf<"libvirt-networks">[number];

/**
 * A libvirt network that should run does not: it starts with the host by its own setting, or a guest that starts with the host is on it. One that runs and will not start again while
 * such a guest needs it is a warning. A network that nobody needs and that starts by hand only is off by choice.
 */
export const check = defineCheck({
  id: "network-inactive",
  layer: "addressing",
  title: { en: "libvirt network is not running", zh: "libvirt 网络未运行" },
  message: {
    en: "libvirt network {networks}: {state}; needed by {guests}",
    zh: "libvirt 网络 {networks}：{state}；使用它的虚拟机：{guests}",
  },
  expected: { en: "{networks} runs and starts with the host", zh: "{networks} 正在运行并随主机启动" },
  repair: {
    en: "Start it: virsh net-start {network}; and let it start with the host: virsh net-autostart {network}. If nobody needs it: virsh net-autostart --disable {network}.",
    zh: "启动：virsh net-start {network}；并设为随主机启动：virsh net-autostart {network}。若无人使用：virsh net-autostart --disable {network}。",
  },
  explain: {
    en: "Without its network a guest does not start at all, and those that run lost their link when it was stopped: they stay cut off until they are plugged in again or restarted.",
    zh: "没有网络，虚拟机根本无法启动；已在运行的虚拟机在网络停止时失去连接，直到重新接线或重启。",
  },
  needs: ["libvirt-networks", "libvirt-domains"],
  subjects: ["host"],
  sources: ["https://www.libvirt.org/manpages/virsh.html#net-start", "https://libvirt.org/formatnetwork.html"],
  lab: { case: "network-inactive" },
  evaluate(_subject, view) {
    const networks = view.factOrAbsent("libvirt-networks");
    if (!networks || networks.length === 0) return null;
    const domains = view.factOrAbsent("libvirt-domains") ?? [];
    const users = (network: Network, wanted: (domain: (typeof domains)[number]) => boolean): string[] =>
      domains
        .filter((one) => wanted(one) && one.interfaces.some((nic) => nic.source.network === network.name))
        .map((one) => one.name);
    const needs = (network: Network) => users(network, (one) => one.autostart || one.id !== undefined);
    const off = networks.filter((one) => !one.active && (one.autostart || needs(one).length > 0));
    const forgotten = networks.filter(
      (one) => one.active && one.persistent && !one.autostart && users(one, (domain) => domain.autostart).length > 0,
    );
    const bad = off.length > 0 ? off : forgotten;
    const [first] = bad;
    if (!first) return pass;
    const guests = [...new Set(bad.flatMap(needs))];
    return {
      status: off.length > 0 && guests.length > 0 ? "fail" : "warn",
      cuts: false,
      params: {
        networks: bad.map((one) => one.name).join(", "),
        network: first.name,
        uuid: first.uuid,
        state: off.length > 0 ? { en: "inactive", zh: "未激活" } : { en: "no autostart", zh: "未设自动启动" },
        guests: guests.join(", ") || "-",
      },
      evidence: [
        {
          command: "virsh net-list --all",
          excerpt: bad
            .map(
              (one) => `${one.name}  ${one.active ? "active" : "inactive"}  autostart ${one.autostart ? "yes" : "no"}`,
            )
            .join("\n"),
        },
        ...guests.slice(0, 3).map((guest) => ({
          command: commandLine(["virsh", "domiflist", guest]),
          excerpt: `network ${bad.map((one) => one.name).join(", ")}`,
        })),
      ],
    };
  },
});
