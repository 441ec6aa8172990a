import type { Wording } from "../wording";
import type { Refused } from "./define";

/** Reasons that several remedies have. */
export const refuse = (refused: Wording): Refused => ({ refused });

export const gone = (what: string): Refused => refuse({ en: `${what} is no longer there`, zh: `${what} 已不存在` });

export const onlyRemembered = (name: string): Refused =>
  refuse({
    en: `${name} is only remembered, it is not on the host now`,
    zh: `${name} 只是历史记录，当前不在主机上`,
  });

export const elsewhere = (name: string): Refused =>
  refuse({ en: `${name} lies in another network namespace`, zh: `${name} 位于另一个网络命名空间` });

export const likeAnOption = (name: string): Refused =>
  refuse({ en: `${name} reads like an option: no command takes it`, zh: `${name} 形似命令选项，命令无法接受` });
