/** Inventory and adding a host. */
export const hosts = {
  addHost: { en: "Add a host", zh: "添加主机" },
  banner_live: { en: "Live.", zh: "在线。" },
  banner_connecting: { en: "Connecting.", zh: "连接中。" },
  banner_degraded: { en: "Degraded.", zh: "降级。" },
  banner_stale: { en: "No answer.", zh: "无响应。" },
  banner_unreachable: { en: "Unreachable.", zh: "不可达。" },
  banner_refused: { en: "Refused.", zh: "被拒绝。" },
  banner_failed: { en: "Failed.", zh: "内部故障。" },
  sudo_auto: { en: "Try without password", zh: "尝试免密 sudo" },
  sudo_none: { en: "Never", zh: "不使用" },
  sudo_password: { en: "With password", zh: "使用密码" },
  banner_captured: { en: "Capture, not live.", zh: "采集文件，非实时。" },
} as const;
