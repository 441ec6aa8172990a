import { kind } from "../changes/kinds/module";
import { inLanguage } from "../wording";
import type { Remedy } from "./define";
import { refuse } from "./refusals";
import { oneStep } from "./subject";

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
    if (node?.kind !== "host") {
      const name = node?.name ?? finding.subject;
      return refuse({
        en: `${name} has to be changed itself, see its guide`,
        zh: `需要修改 ${name} 本身，请看其说明`,
      });
    }
    if (module === undefined)
      return refuse({
        en: "no module would help: the firmware hides hardware virtualisation",
        zh: "加载模块无济于事：固件隐藏了硬件虚拟化",
      });
    if (state === "loaded" || state === "built in")
      return refuse({
        en: `module ${module} is ${state} already: its device node has to be made by hand`,
        zh: `模块 ${module} 已经可用：需要手动创建其设备节点`,
      });
    return oneStep(
      {
        says: { en: `Load module ${module}`, zh: `加载模块 ${module}` },
        change: { kind: "module", module, to: "loaded", was: "absent" },
      },
      { en: "Nothing that runs is touched.", zh: "不影响正在运行的任何虚拟机。" },
    );
  },
};
