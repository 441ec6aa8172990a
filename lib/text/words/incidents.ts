/** Shared incidents. */
export const incidents = {
  expires: { en: "Expires", zh: "有效期" },
  expires7d: { en: "in 7 days", zh: "7 天" },
  expires365d: { en: "in 1 year", zh: "1 年" },
  maskMacs: { en: "MACs", zh: "MAC" },
  maskAddresses: { en: "addresses", zh: "地址" },
  maskNames: { en: "names", zh: "名称" },
  maskedNote: { en: "Masked:", zh: "已遮蔽：" },
  expiresAt: { en: "Expires", zh: "过期时间" },
  incident: { en: "Incident", zh: "事件" },
  logInToSee: { en: "Log in to see it", zh: "登录后查看" },
  frozenTitle: { en: "Frozen incident:", zh: "已冻结的事件：" },
  frozenLong: { en: "The state at that time. It does not change.", zh: "这是当时所见，不会改变。" },
  takenBy: { en: "Taken by", zh: "记录人" },
  connectionThen: { en: "Connection then:", zh: "当时的连接：" },
} as const;
