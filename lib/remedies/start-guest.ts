import { Uuid } from "../changes/shapes";
import type { Remedy } from "./define";
import { gone, refuse } from "./refusals";
import { oneStep } from "./subject";

/** Starts a guest that is off, or resumes one that is paused. By UUID: a name may look like an option or a number. */
export const remedy: Remedy = {
  id: "start-guest",
  title: { en: "Start or resume the guest", zh: "启动或恢复虚拟机" },
  checks: ["domain-not-running"],
  makes: ["domain"],
  sources: ["https://libvirt.org/manpages/virsh.html#start", "https://libvirt.org/manpages/virsh.html#resume"],
  plan({ finding, graph }) {
    const node = graph.node(finding.subject);
    const uuid = node?.attributes.uuid;
    if (!node || typeof uuid !== "string" || !Uuid.safeParse(uuid).success) return gone(finding.subject);
    const { name } = node;
    const state = node.attributes.state;
    if (state === "crashed")
      return refuse({
        en: `${name} is kept as it crashed: look at it, then virsh destroy and virsh start`,
        zh: `${name} 保留在崩溃时的状态：请先查看，再执行 virsh destroy 和 virsh start`,
      });
    if (state !== "paused" && state !== "shut off")
      return refuse({ en: `${name} is ${String(state)}`, zh: `${name} 的状态为 ${String(state)}` });
    const paused = state === "paused";
    return oneStep(
      {
        says: paused ? { en: `Resume ${name}`, zh: `恢复 ${name}` } : { en: `Start ${name}`, zh: `启动 ${name}` },
        change: { kind: "domain", uuid, to: "running", was: state },
      },
      paused
        ? {
            en: "The guest goes on where it stopped; its clock is behind.",
            zh: "虚拟机从暂停处继续运行，其时钟会落后。",
          }
        : { en: "The guest boots; it answers once it is up.", zh: "虚拟机开始启动，启动完成后才会应答。" },
    );
  },
};
