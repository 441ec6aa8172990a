import { defineCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { rowOf } from "../ovs";

/**
 * Open vSwitch cannot use a port's interface. A NIC, a bond member or a tunnel: what passes over it is lost. A port that no guest's configuration wants is a leftover of a guest
 * that went without its port being deleted: it harms nothing until its name is taken again.
 */
export const check = defineCheck({
  id: "ovs-port-error",
  layer: "ovs",
  title: { en: "Open vSwitch port in error", zh: "Open vSwitch 端口出错" },
  message: { en: "Port {port} of {bridge}: {error}", zh: "{bridge} 的端口 {port}：{error}" },
  expected: { en: "Each interface of {port} can be opened", zh: "{port} 的每个接口都能打开" },
  repair: {
    en: "If the device is gone for good, delete the port: ovs-vsctl --if-exists del-port {bridge} {port}. If it should be there, make it again (load the driver, start the guest); Open vSwitch takes it by itself.",
    zh: "如果设备不会再出现，删除端口：ovs-vsctl --if-exists del-port {bridge} {port}。如果设备应当存在，请恢复它（加载驱动、启动虚拟机）；Open vSwitch 会自动接管。",
  },
  explain: {
    en: "The database keeps a port though its device is not there or cannot be used. Ports of guests that were killed, renamed NICs and tunnels with wrong options stay like this for years.",
    zh: "设备不存在或不可用时，数据库仍保留端口。被强制结束的虚拟机、改名的网卡以及参数错误的隧道会长期处于此状态。",
  },
  needs: ["ovs"],
  subjects: ["ovs-port"],
  sources: [
    "https://docs.openvswitch.org/en/latest/ref/ovs-vswitchd.conf.db.5/",
    "https://www.openvswitch.org/support/dist-docs/ovs-vsctl.8.txt",
  ],
  lab: { case: "ovs-port-error" },
  evaluate(port, view) {
    const row = rowOf(port, view.fact("ovs"));
    if (!row) return null;
    const bad = row.port.interfaces.filter((one) => one.error !== undefined && one.error !== "");
    const [first] = bad;
    if (!first) return pass;
    const whole = bad.length === row.port.interfaces.length;
    const guestless = row.port.interfaces.length === 1 && (first.type === "" || first.type === "system");
    return {
      status: whole && !guestless ? "fail" : "warn",
      params: {
        port: port.name,
        bridge: row.bridge.name,
        error: bad.map((one) => `${one.name}: ${one.error}`).join("; "),
      },
      evidence: bad.map((one) => ({
        command: commandLine(["ovs-vsctl", "--columns=name,type,error", "list", "Interface", one.name]),
        excerpt: `name: ${one.name}\ntype: "${one.type}"\nerror: ${one.error}`,
      })) as [{ command: string; excerpt: string }],
    };
  },
});
