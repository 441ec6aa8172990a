import { Uuid } from "../changes/shapes";
import type { Remedy } from "./define";

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
    if (!node || typeof uuid !== "string" || !Uuid.safeParse(uuid).success)
      return { refused: `${finding.subject} is no longer there` };
    const state = node.attributes.state;
    if (state === "crashed")
      return { refused: `${node.name} is kept as it crashed: look at it, then virsh destroy and virsh start` };
    if (state !== "paused" && state !== "shut off") return { refused: `${node.name} is ${String(state)}` };
    const paused = state === "paused";
    return {
      steps: [
        {
          says: paused
            ? { en: `Resume ${node.name}`, zh: `恢复 ${node.name}` }
            : { en: `Start ${node.name}`, zh: `启动 ${node.name}` },
          change: { kind: "domain", uuid, to: "running", was: state },
        },
      ],
      affects: [node.id],
      blinks: paused
        ? {
            en: "The guest goes on where it stopped; its clock is behind.",
            zh: "虚拟机从暂停处继续运行，其时钟会落后。",
          }
        : { en: "The guest boots; it answers once it is up.", zh: "虚拟机开始启动，启动完成后才会应答。" },
      risk: "low",
      settleMs: 15_000,
      settleBecause: "15 s for QEMU to start",
      // A guest that boots answers minutes later: its silence until then is no reason to undo.
      probe: [],
    };
  },
};
