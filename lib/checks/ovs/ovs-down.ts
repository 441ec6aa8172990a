import { defineCheck, pass } from "../define";
import { commandLine } from "../evidence";

/** Daemons of Open vSwitch, and the unit that starts them on Debian and on Fedora. */
export const daemons = ["ovsdb-server.service", "ovs-vswitchd.service"];
export const starters = ["openvswitch-switch.service", "openvswitch.service"];

/**
 * A daemon of Open vSwitch failed or was stopped though it should run: one failed, or the service that starts them is enabled. Installed and switched off by choice is no fault. Daemons that were started
 * without systemd are not judged, nor is the socket of the database: where it does not answer, every check that needs the database says unknown, with what ovs-vsctl said.
 */
export const check = defineCheck({
  id: "ovs-down",
  layer: "ovs",
  title: { en: "Open vSwitch is down", zh: "Open vSwitch 未运行" },
  message: {
    en: "{daemons} of Open vSwitch: {state}; its bridges learn and change nothing any more",
    zh: "Open vSwitch 的 {daemons} 状态为 {state}：其网桥不再学习，也无法更改",
  },
  expected: { en: "ovsdb-server and ovs-vswitchd run", zh: "ovsdb-server 和 ovs-vswitchd 正在运行" },
  repair: {
    en: "See why it ended: journalctl -b -u ovs-vswitchd -u ovsdb-server. Then start it: systemctl restart {unit}.",
    zh: "查明退出原因：journalctl -b -u ovs-vswitchd -u ovsdb-server。然后启动：systemctl restart {unit}。",
  },
  explain: {
    en: "Flows that the kernel knows go on for some seconds; every new one waits for ovs-vswitchd. Without it guests fall silent one after the other, and no port can be added. Judged by systemd's units; a database that runs and does not answer shows as unknown at the other checks of Open vSwitch.",
    zh: "内核已有的流还能转发几秒；每条新流都要等待 ovs-vswitchd。没有它，虚拟机会陆续失联，也无法添加端口。依据 systemd 单元判断；数据库在运行但不应答时，其他 Open vSwitch 检查会显示为未知。",
  },
  needs: ["units"],
  subjects: ["host"],
  sources: ["https://docs.openvswitch.org/en/latest/ref/ovs-vswitchd.8/"],
  lab: { case: "ovs-down" },
  evaluate(_subject, view) {
    const units = view.fact("units").filter((one) => one.loadState === "loaded");
    const present = units.filter((one) => daemons.includes(one.id));
    if (present.length === 0) return null;
    const starter = units.find((one) => starters.includes(one.id));
    const wanted =
      starter?.unitFileState === "enabled" ||
      starter?.activeState === "active" ||
      present.some((one) => one.unitFileState === "enabled");
    const bad = present.filter((one) => one.activeState === "failed" || (wanted && one.activeState === "inactive"));
    if (bad.length === 0) return present.every((one) => one.activeState === "active") ? pass : null;
    return {
      status: "fail",
      cuts: false,
      params: {
        daemons: bad.map((one) => one.id).join(" + "),
        state: [...new Set(bad.map((one) => one.activeState))].join(" + "),
        unit: starter?.id ?? bad[0]?.id ?? "ovs-vswitchd.service",
      },
      evidence: [
        {
          command: commandLine([
            "systemctl",
            "show",
            "-p",
            "Id,ActiveState,SubState,Result",
            ...bad.map((one) => one.id),
          ]),
          excerpt: bad
            .map(
              (one) => `${one.id}: ActiveState=${one.activeState} SubState=${one.subState} Result=${one.result ?? ""}`,
            )
            .join("\n"),
        },
      ],
    };
  },
});
