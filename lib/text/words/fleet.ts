/** The fleet and the first minute. */
export const fleet = {
  problems: { en: "Problems", zh: "问题" },
  problemsCount: { en: "Problems {count}", zh: "问题 {count}" },
  noProblems: { en: "Nothing is broken.", zh: "没有故障。" },
  noProblemsThen: {
    en: "Nothing was broken at the last reading. The current state is unknown.",
    zh: "读取时没有故障，当前状况未知。",
  },
  andMore: { en: "and {count} more", zh: "另有 {count} 个" },
  guestImpacted: { en: "1 guest impacted", zh: "1 台虚拟机受影响" },
  guestsImpacted: { en: "{count} guests impacted", zh: "{count} 台虚拟机受影响" },
  vmCount: { en: "{count} VMs", zh: "{count} 台虚拟机" },
  vmCountOne: { en: "1 VM", zh: "1 台虚拟机" },
  segmentsShared: { en: "Shared segments {count}", zh: "共享网段 {count}" },
  segmentHosts: { en: "{count} hosts", zh: "{count} 台主机" },
  segmentHostsOne: { en: "1 other host", zh: "另一台主机" },
  segmentOthers: { en: "{count} other hosts", zh: "另外 {count} 台主机" },
  segmentWhy: { en: "How this is known", zh: "判断依据" },
} as const;
