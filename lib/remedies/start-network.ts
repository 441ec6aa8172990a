import { Uuid } from "../changes/shapes";
import { factIfRead } from "../facts/facts";
import type { Remedy, Step } from "./define";
import { refuse } from "./refusals";

/** Starts a libvirt network and lets it start with the host. Guests that lost their link when it stopped get it back by a new start of theirs. */
export const remedy: Remedy = {
  id: "start-network",
  title: { en: "Start the network", zh: "启动网络" },
  checks: ["network-inactive"],
  makes: ["network", "network-autostart"],
  sources: ["https://www.libvirt.org/manpages/virsh.html#net-start"],
  plan({ finding, facts }) {
    const network = factIfRead(facts, "libvirt-networks")?.find((one) => one.uuid === finding.params.uuid);
    if (!network) return refuse({ en: "the network is no longer there", zh: "该网络已不存在" });
    if (!Uuid.safeParse(network.uuid).success)
      return refuse({ en: "the network has no proper UUID", zh: "该网络没有有效的 UUID" });
    const start: Step = {
      says: { en: `Start network ${network.name}`, zh: `启动网络 ${network.name}` },
      change: { kind: "network", uuid: network.uuid, to: "active", was: "inactive" },
    };
    const auto: Step = {
      says: { en: `Start network ${network.name} with the host`, zh: `网络 ${network.name} 随主机启动` },
      change: { kind: "network-autostart", uuid: network.uuid, to: "on", was: "off" },
    };
    const steps = [...(network.active ? [] : [start]), ...(network.autostart || !network.persistent ? [] : [auto])];
    const [first, ...rest] = steps;
    if (!first)
      return refuse({
        en: `network ${network.name} runs and starts with the host already`,
        zh: `网络 ${network.name} 已在运行，并会随主机启动`,
      });
    return {
      steps: [first, ...rest],
      blinks: {
        en: "Nothing that runs is interrupted. libvirt adds its rules for this network to the firewall.",
        zh: "不会中断正在运行的流量。libvirt 会为该网络添加防火墙规则。",
      },
    };
  },
};
