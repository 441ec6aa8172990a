import type { ProbeOutcome } from "../probes/define";
import type { Wording } from "../wording";

/** What became of a reading, for people: in the list of sources, and as the reason why something could not be judged. */
export const outcomeWord: Readonly<Record<ProbeOutcome, Wording>> = {
  ok: { en: "read", zh: "已读取" },
  absent: { en: "not on this host", zh: "主机上没有" },
  refused: { en: "refused", zh: "被拒绝" },
  timeout: { en: "timed out", zh: "超时" },
  cut: { en: "cut at its byte limit", zh: "超出字节上限被截断" },
  failed: { en: "failed", zh: "失败" },
  garbled: { en: "could not be parsed", zh: "无法解析" },
  lost: { en: "lost with the connection", zh: "随连接丢失" },
};

/** Nobody has tried yet. */
export const notYetWord: Wording = { en: "not read yet", zh: "尚未读取" };
