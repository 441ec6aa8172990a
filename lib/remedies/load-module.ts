import { kind } from "../changes/kinds/module";
import { inLanguage } from "../wording";
import type { Remedy } from "./define";

/** Loads a kernel module whose device guests need: /dev/net/tun, /dev/vhost-net, /dev/kvm. */
export const remedy: Remedy = {
  id: "load-module",
  title: { en: "Load the kernel module", zh: "加载内核模块" },
  checks: ["tun-missing", "vhost-net-missing", "kvm-unavailable"],
  makes: ["module"],
  sources: ["https://man7.org/linux/man-pages/man8/modprobe.8.html"],
  plan({ finding, graph }) {
    const module = kind.schema.shape.module.safeParse(finding.params.module).data;
    const state = inLanguage(finding.params.state ?? "", "en");
    const node = graph.node(finding.subject);
    if (node?.kind !== "host")
      return { refused: `${node?.name ?? finding.subject} has to be changed itself, see its guide` };
    if (module === undefined) return { refused: "no module would help: the firmware hides hardware virtualisation" };
    if (state === "loaded" || state === "built in")
      return { refused: `module ${module} is ${state} already: its device node has to be made by hand` };
    return {
      steps: [
        {
          says: { en: `Load module ${module}`, zh: `加载模块 ${module}` },
          change: { kind: "module", module, to: "loaded", was: "absent" },
        },
      ],
      affects: [],
      blinks: { en: "Nothing that runs is touched.", zh: "不影响正在运行的任何虚拟机。" },
      risk: "low",
      settleMs: 5_000,
      settleBecause: "5 s for udev to make the device node",
      probe: [],
    };
  },
};
