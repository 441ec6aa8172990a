import { configures, kind } from "../changes/kinds/unit";
import type { Remedy, Step } from "./define";
import { refuse } from "./refusals";

/** Starts services that failed or were stopped. The way back is to stop them again. */
export const remedy: Remedy = {
  id: "restart-unit",
  title: { en: "Start the service", zh: "启动服务" },
  checks: ["libvirt-down", "services-failed", "ovs-down"],
  makes: ["unit"],
  sources: ["https://www.freedesktop.org/software/systemd/man/latest/systemctl.html"],
  plan({ finding }) {
    const named = finding.params.units ?? finding.params.unit;
    const units = typeof named === "string" ? named.split(", ") : [];
    const wrong = units.find((unit) => !kind.schema.shape.unit.safeParse(unit).success);
    if (wrong !== undefined)
      return refuse({ en: `${wrong} is no unit that may be started`, zh: `${wrong} 不是可以启动的服务单元` });
    const [first, ...rest] = units.map(
      (unit): Step => ({
        says: { en: `Start ${unit}`, zh: `启动 ${unit}` },
        change: { kind: "unit", unit, to: "started", was: "stopped" },
      }),
    );
    if (!first) return refuse({ en: "the finding names no unit to start", zh: "该发现没有指出要启动的服务单元" });
    return {
      steps: [first, ...rest],
      blinks: units.some((unit) => configures.test(unit))
        ? {
            en: "This service configures interfaces: what was changed by hand since it ran may be put back.",
            zh: "该服务会配置网络接口：之后手工所做的修改可能被还原。",
          }
        : { en: "Guests run on; only the service itself starts.", zh: "虚拟机继续运行，仅启动该服务。" },
    };
  },
};
