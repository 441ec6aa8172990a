import type { FactOf } from "../../probes/registry";
import { defineCheck, pass } from "../define";
import { commandLine } from "../evidence";

export type Unit = FactOf<"units">[number];

/**
 * A service on which the guests' network hangs has failed, or is started again and again. One that is stopped or disabled is off by choice. libvirt's own daemons have a check of
 * their own, and so have those of Open vSwitch.
 */
export const check = defineCheck({
  id: "services-failed",
  layer: "host",
  title: { en: "Network service has failed", zh: "网络相关服务失败" },
  message: { en: "Failed: {units}", zh: "已失败：{units}" },
  expected: { en: "{units} active, or stopped by choice", zh: "{units} 处于活动状态，或被主动停止" },
  repair: {
    en: "See why: journalctl -b -u {unit}. After mending it: systemctl restart {unit}; one that is not needed: systemctl disable --now {unit}; systemctl reset-failed {unit}.",
    zh: "查明原因：journalctl -b -u {unit}。修复后：systemctl restart {unit}；若不需要：systemctl disable --now {unit}; systemctl reset-failed {unit}。",
  },
  explain: {
    en: "DHCP and DNS for guests, the host's network configuration, its firewall and its clock are services. A failed one harms at once, or at the next start, when a guest asks for an address and nobody answers.",
    zh: "为虚拟机提供 DHCP 和 DNS、主机网络配置、防火墙以及时钟的都是服务。服务失败会立即造成影响，或在下次启动时显现：虚拟机请求地址却无人应答。",
  },
  needs: ["units"],
  subjects: ["host"],
  settings: {
    restarts: {
      title: { en: "Automatic restarts that count as failing", zh: "自动重启多少次视为失败" },
      default: 5,
      unit: "restarts",
      min: 1,
      max: 1_000,
    },
  },
  sources: ["https://www.freedesktop.org/software/systemd/man/latest/systemctl.html"],
  lab: { case: "services-failed" },
  evaluate(_subject, view) {
    const bad = view
      .fact("units")
      .filter((one) => one.loadState === "loaded" && !others.test(one.id) && isFailing(one, view.setting("restarts")));
    const [first] = bad;
    if (!first) return pass;
    return {
      status: "warn",
      params: { units: bad.map((one) => one.id).join(", "), unit: first.id },
      evidence: [
        {
          command: commandLine([
            "systemctl",
            "show",
            "-p",
            "Id,ActiveState,SubState,Result,NRestarts",
            ...bad.map((one) => one.id),
          ]),
          excerpt: bad
            .map(
              (one) =>
                `${one.id}: ${one.activeState} (${one.subState}), result ${one.result ?? "-"}, exit ${one.exitStatus ?? "-"}, restarts ${one.restarts ?? 0}`,
            )
            .join("\n"),
        },
      ],
    };
  },
});

const others = /^(?:libvirtd|virtqemud|openvswitch|openvswitch-switch|ovs-vswitchd|ovsdb-server)[-.]/;

const isFailing = (one: Unit, restarts: number): boolean =>
  one.activeState === "failed" ||
  (one.activeState === "activating" && one.subState === "auto-restart" && (one.restarts ?? 0) >= restarts);
