import { refuse } from "./refusals";

export const unnamedBridge = refuse({
  en: "the finding names no bridge that can be named safely",
  zh: "该发现没有指出可以安全引用的网桥",
});
