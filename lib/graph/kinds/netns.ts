import { flag, name, number } from "../attributes";
import { defineNodeKind } from "./define";

export const kind = defineNodeKind({
  word: { en: "network namespace", zh: "网络命名空间" },
  lane: "vm",
  isProse: true,
  attributes: {
    named: flag({ en: "Has a name", zh: "有名称" }),
    nsid: number({ en: "Namespace number", zh: "命名空间编号" }),
    pid: number({ en: "Process", zh: "进程" }),
    command: name("label", { en: "Command", zh: "命令" }),
    read: flag({ en: "Inside was read", zh: "已读取内部" }),
  },
});
