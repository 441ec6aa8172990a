import { defineCheck, pass } from "../define";
import { commandLine } from "../evidence";

/**
 * Fail mode secure without a controller: the switch forwards by the flows that somebody put there, and there is none but such as drop. With a controller it is the controller's
 * business what it installs when.
 */
export const check = defineCheck({
  id: "ovs-secure-no-flows",
  layer: "ovs",
  title: { en: "Secure fail mode without flows", zh: "secure 模式下没有流表" },
  message: {
    en: "{bridge} is in fail mode secure, has no controller and no flow that forwards: it drops everything",
    zh: "{bridge} 处于 secure 模式，没有控制器，也没有任何转发流：所有帧都被丢弃",
  },
  expected: {
    en: "{bridge} has a controller, flows of its own, or fail mode standalone",
    zh: "{bridge} 有控制器、自有流表，或为 standalone 模式",
  },
  repair: {
    en: "Let it learn like any switch: ovs-vsctl set-fail-mode {bridge} standalone. Or give it its flows again: ovs-ofctl add-flow {bridge} priority=0,actions=NORMAL, or its controller: ovs-vsctl set-controller {bridge} TARGET.",
    zh: "让它像普通交换机一样学习：ovs-vsctl set-fail-mode {bridge} standalone。或恢复流表：ovs-ofctl add-flow {bridge} priority=0,actions=NORMAL，或恢复控制器：ovs-vsctl set-controller {bridge} 目标。",
  },
  explain: {
    en: "Standalone falls back to learning when no controller is there; secure does not. Flows put in by hand are gone after a restart of Open vSwitch, the fail mode stays.",
    zh: "standalone 模式在没有控制器时退回自学习；secure 模式不会。手工添加的流在 Open vSwitch 重启后消失，而 fail mode 会保留。",
  },
  needs: ["ovs", "ovs-flows"],
  subjects: ["ovs-bridge"],
  sources: ["https://docs.openvswitch.org/en/latest/ref/ovs-vswitchd.conf.db.5/"],
  lab: { case: "ovs-secure-no-flows" },
  evaluate(bridge, view) {
    const row = view.fact("ovs").bridges.find((one) => one.name === bridge.name);
    if (row?.fail_mode !== "secure" || row.controllers > 0) return null;
    const found = view.fact("ovs-flows").find((one) => one.bridge === bridge.name);
    if (!found) return null;
    // Table 254 and priorities above 65535 are Open vSwitch's own.
    const own = found.flows.filter((one) => one.table < 254 && one.priority <= 65_535);
    if (own.some((one) => !/actions=drop$/.test(one.text))) return pass;
    return {
      status: "fail",
      params: { bridge: bridge.name },
      evidence: [
        { command: commandLine(["ovs-vsctl", "get-fail-mode", bridge.name]), excerpt: "secure" },
        {
          command: commandLine(["ovs-ofctl", "dump-flows", bridge.name]),
          excerpt: own.map((one) => one.text).join("\n") || "(no flow)",
        },
      ],
    };
  },
});
