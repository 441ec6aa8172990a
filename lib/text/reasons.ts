import type { Wording } from "../wording";

/** What the collector's reasons for a host's state begin with, part by part. What follows (names of probes and sources, words of the host, of ssh or of a fault) is quoted as it is. */
const beginnings: readonly Wording[] = [
  { en: "internal fault, ", zh: "本程序的故障，" },
  {
    en: "event storm, sweeps only until it ends: ",
    zh: "事件风暴，平息之前只靠定期读取：",
  },
  { en: "not read: ", zh: "未读取：" },
  { en: "events not followed, sweeps only: ", zh: "未跟踪，只靠定期读取：" },
  { en: "connected, but does not answer", zh: "已连接，但不回应询问" },
];

/** A reason for a host's state as people read it; in Chinese as far as it is the collector's own words. */
export function reasonWording(reason: string): Wording {
  const zh = reason.split("; ").map((part) => {
    const own = beginnings.find(({ en }) => part.startsWith(en));
    return own ? own.zh + part.slice(own.en.length) : part;
  });
  return { en: reason, zh: zh.join("; ") };
}
