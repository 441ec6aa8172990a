import { factIfRead } from "../facts/facts";
import type { Remedy } from "./define";
import { elsewhere, gone, refuse } from "./refusals";

/** Takes a left-behind TAP off its bridge and deletes it; the way back makes it anew, as plain as it was. */
export const remedy: Remedy = {
  id: "delete-tap",
  title: { en: "Delete the leftover TAP", zh: "删除遗留的 TAP" },
  checks: ["tap-no-process"],
  makes: ["up", "master", "tap"],
  sources: ["https://man7.org/linux/man-pages/man8/ip-tuntap.8.html", "https://docs.kernel.org/networking/tuntap.html"],
  plan({ finding, graph, facts }) {
    const tap = graph.node(finding.subject);
    if (!tap) return gone(finding.subject);
    const { netns, carrier, vm, master } = tap.attributes;
    if (netns !== undefined) return elsewhere(tap.name);
    if (carrier === true || vm !== undefined)
      return refuse({ en: `${tap.name} is in use now`, zh: `${tap.name} 正在使用` });
    const link = factIfRead(facts, "ip-link")?.find((one) => one.ifname === tap.name);
    const owner = factIfRead(facts, "sysfs-net")?.find((one) => one.ifname === tap.name);
    const data = link?.linkinfo?.info_data ?? {};
    // What cannot be made again exactly is not deleted by a button.
    if (!link || !owner)
      return refuse({
        en: `how ${tap.name} was made could not be read: without that there is no way back`,
        zh: `无法读取 ${tap.name} 的创建方式：没有它就无法撤销`,
      });
    if ((owner.owner ?? -1) !== -1 || (owner.group ?? -1) > 0 || data.multi_queue === true || data.vnet_hdr === true)
      return refuse({
        en: `${tap.name} was made with an owner or special modes: delete it by hand`,
        zh: `${tap.name} 创建时带有属主或特殊模式：请手动删除`,
      });
    const device = tap.name;
    return {
      steps: [
        {
          says: { en: `Set ${tap.name} down`, zh: `关闭 ${tap.name}` },
          change: { kind: "up", device, to: "down", was: "up" },
        },
        ...(typeof master === "string"
          ? [
              {
                says: { en: `Take ${tap.name} off ${master}`, zh: `将 ${tap.name} 从 ${master} 移除` },
                change: { kind: "master", device, to: null, was: master } as const,
              },
            ]
          : []),
        {
          says: { en: `Delete ${tap.name}`, zh: `删除 ${tap.name}` },
          change: { kind: "tap", device, to: "absent", was: "plain" },
        },
      ],
      blinks: { en: "Nobody uses it: nothing is interrupted.", zh: "无人使用它：不会中断任何流量。" },
    };
  },
};
