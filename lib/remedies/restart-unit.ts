import { kind } from "../changes/kinds/unit";
import type { Remedy, Step } from "./define";

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
    if (units.length === 0 || wrong !== undefined) return { refused: `no unit to start: ${wrong ?? "none named"}` };
    const steps = units.map(
      (unit): Step => ({
        says: { en: `Start ${unit}`, zh: `启动 ${unit}` },
        change: { kind: "unit", unit, to: "started", was: "stopped" },
      }),
    );
    const [first, ...rest] = steps;
    if (!first) return { refused: "no unit to start" };
    // Whoever configures interfaces may take down what somebody set up by hand.
    const configures = units.some((unit) =>
      /^(?:networking|network|NetworkManager|systemd-networkd|wicked)\./.test(unit),
    );
    return {
      steps: [first, ...rest],
      affects: [],
      blinks: configures
        ? {
            en: "This service configures interfaces: what was changed by hand since it ran may be put back.",
            zh: "该服务会配置网络接口：之后手工所做的修改可能被还原。",
          }
        : { en: "Guests run on; only the service itself starts.", zh: "虚拟机继续运行，仅启动该服务。" },
      risk: configures ? "management" : "low",
      settleMs: 20_000,
      settleBecause: "20 s for a service to start and stay up",
      probe: [],
    };
  },
};
