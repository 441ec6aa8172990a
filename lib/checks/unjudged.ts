import { filled, type Wording } from "../wording";

/** Reasons not to judge that several checks have. */

/** libvirt was not asked since the guest started: its NICs are known by its TAPs only. */
export const definitionUnread: Wording = {
  en: "the guest's definition was not read since it started",
  zh: "虚拟机启动后尚未读取其定义",
};

export const uncaptured = (dev: string): Wording =>
  filled({ en: "tcpdump could not capture on {dev}", zh: "tcpdump 无法在 {dev} 上抓包" }, { dev });
