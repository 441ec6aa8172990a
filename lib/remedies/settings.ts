import type { Wording } from "../wording";

/** What is said of a setting of the running kernel. */
export const untilBoot: Wording = {
  en: "It lasts until the next boot: write it to /etc/sysctl.d to keep it.",
  zh: "重启后失效：写入 /etc/sysctl.d 可永久保留。",
};
