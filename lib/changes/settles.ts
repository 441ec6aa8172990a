import type { Settles } from "./define";

/** A link or port that comes up: carrier detection and the first ARP exchange. */
export const ofLink: Settles = {
  ms: 2_000,
  because: { en: "2 s for carrier and the first ARP exchange", zh: "2 秒用于载波检测和首次 ARP 交互" },
  relinks: true,
};

/** A setting of a port or bridge that holds at once. */
export const ofSetting: Settles = {
  ms: 2_000,
  because: { en: "2 s for the first ARP exchange", zh: "2 秒用于首次 ARP 交互" },
};

/** Most drivers take the card down and up for it: the link is negotiated again. */
export const ofCard: Settles = {
  ms: 15_000,
  because: { en: "15 s for the card to negotiate its link again", zh: "15 秒用于网卡重新协商链路" },
  relinks: true,
};

export const ofRules: Settles = {
  ms: 5_000,
  because: { en: "5 s to read settings and rules again", zh: "5 秒用于重新读取参数和规则" },
};

export const ofVswitchd: Settles = {
  ms: 10_000,
  because: {
    en: "10 s for ovs-vswitchd to take the change and the bridge to learn",
    zh: "10 秒用于 ovs-vswitchd 生效和网桥学习",
  },
};
