import type { FactOf } from "../../probes/registry";
import { type CheckView, defineCheck, pass } from "../define";
import { commandLine } from "../evidence";

export type Unit = FactOf<"units">[number];

/**
 * The daemon that runs guests is failed or stopped. With socket activation it ends by itself after two idle minutes and comes back when somebody asks: while its socket
 * listens, an inactive daemon is well. Disabled and without guests it is off by choice.
 */
export const check = defineCheck({
  id: "libvirt-down",
  layer: "host",
  title: { en: "libvirt is down", zh: "libvirt 未运行" },
  message: {
    en: "{unit} is {state} ({result}): guests run on, nobody manages them",
    zh: "{unit} 处于 {state} 状态（{result}）：虚拟机仍在运行，但无人管理",
  },
  expected: { en: "{unit} runs, or its socket listens", zh: "{unit} 正在运行，或其套接字正在监听" },
  repair: {
    en: "See why it ended: journalctl -u {unit} -b. Then start it: systemctl restart {unit}.",
    zh: "查明退出原因：journalctl -u {unit} -b。然后启动：systemctl restart {unit}。",
  },
  explain: {
    en: "Guests are processes of their own and keep running. But none can be started, stopped, migrated or re-plugged, autostart fails, and crashed guests stay down.",
    zh: "虚拟机是独立进程，会继续运行。但无法启动、停止、迁移或重新接线，自动启动失效，崩溃的虚拟机也不会恢复。",
  },
  needs: ["units"],
  optional: ["qemu-proc"],
  subjects: ["host"],
  sources: ["https://libvirt.org/daemons.html", "https://libvirt.org/manpages/libvirtd.html"],
  lab: { case: "libvirt-down" },
  evaluate(_subject, view) {
    const units = new Map(view.fact("units").map((one) => [one.id, one]));
    const present = daemons.flatMap((name) => units.get(`${name}.service`) ?? []);
    // libvirtd.service is masked or not there where the modular daemons took over, and the other way round.
    const usable = present.filter((one) => one.loadState === "loaded");
    if (usable.length === 0) return null;
    const sockets = [...units.values()].filter((one) => /^(libvirtd|libvirtd-ro|virtqemud)\.socket$/.test(one.id));
    if (usable.some((one) => isUp(one)) || usable.some((one) => one.activeState === "activating")) return pass;
    const broken = usable.find((one) => one.activeState === "failed");
    const listens = sockets.some((one) => one.activeState === "active");
    if (!broken && listens) return pass;
    const wanted =
      broken ??
      usable.find((one) => one.unitFileState === "enabled" || socketEnabled(one, sockets)) ??
      orphaned(view, usable);
    if (!wanted) return null;
    return {
      status: "fail",
      cuts: false,
      params: { unit: wanted.id, state: wanted.activeState, result: wanted.result ?? "-" },
      evidence: [
        {
          command: commandLine(["systemctl", "show", "-p", "ActiveState,SubState,Result", wanted.id]),
          excerpt: `ActiveState=${wanted.activeState} SubState=${wanted.subState} Result=${wanted.result ?? ""}`,
        },
        ...sockets.slice(0, 1).map((socket) => ({
          command: commandLine(["systemctl", "is-active", socket.id]),
          excerpt: socket.activeState,
        })),
      ],
    };
  },
});

const daemons = ["libvirtd", "virtqemud"] as const;

const isUp = (one: Unit): boolean => one.activeState === "active" || one.activeState === "reloading";

const socketEnabled = (service: Unit, sockets: readonly Unit[]): boolean =>
  sockets.some(
    (socket) =>
      socket.unitFileState === "enabled" &&
      socket.id.split(/[.-]/)[0] === service.id.split(/[.-]/)[0] &&
      socket.loadState === "loaded",
  );

/** Guests that libvirt started run on without it. */
const orphaned = (view: CheckView<"units">, usable: readonly Unit[]): Unit | undefined =>
  (view.factIfRead("qemu-proc") ?? []).some((process) => process.libvirt) ? usable[0] : undefined;
