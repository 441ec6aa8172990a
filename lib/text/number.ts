import type { Language } from "../wording";

/** A number as people write it, with its thousands parted: "1,000". */
export const numberText = (value: number, language: Language): string =>
  value.toLocaleString(language === "zh" ? "zh-CN" : "en-GB");
