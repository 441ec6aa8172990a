import { flag, number, term, text } from "../attributes";
import { defineNodeKind } from "./define";

export const kind = defineNodeKind({
  word: { en: "VM", zh: "虚拟机" },
  lane: "vm",
  isEnd: true,
  isForeign: true,
  isGuest: true,
  isProse: true,
  attributes: {
    state: term({ en: "State", zh: "状态" }),
    reason: text({ en: "Reason", zh: "原因" }),
    alive: flag({ en: "Has a process", zh: "有进程" }),
    autostart: flag({ en: "Starts with the host", zh: "随主机启动" }),
    uuid: text({ en: "UUID", zh: "UUID" }),
    pid: number({ en: "Process", zh: "进程" }),
    sources: term<readonly string[]>({ en: "Known from", zh: "来源" }),
  },
});
