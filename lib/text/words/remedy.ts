/** Plan, run, undo. */
export const remedy = {
  remedyTitle: { en: "{check} on {host}", zh: "{host}：{check}" },
  planning: { en: "Making the plan", zh: "正在制定方案" },
  planRefused: { en: "No plan: {reason}", zh: "没有可行方案：{reason}" },
  choose: { en: "Choose", zh: "选择" },
  runs: { en: "Runs", zh: "执行" },
  undo: { en: "Undo", zh: "撤销" },
  blinks: { en: "Interruption", zh: "中断" },
  affects: { en: "Affected guests", zh: "受影响的虚拟机" },
  undoWindow: { en: "Undo window", zh: "撤销时限" },
  undoExplained: {
    en: "Taproot arms the undo on the host before it changes anything. Unless the check passes and the guests answer, the host undoes the change by itself.",
    zh: "先在主机上布置撤销，再执行更改。除非检查和虚拟机确认有效，否则主机会自行撤销。",
  },
  riskManagement: {
    en: "This change affects the path Taproot uses to reach this host. If the connection is lost, the host undoes the change by itself.",
    zh: "此更改会影响 Taproot 访问该主机的路径。若连接中断，主机会自行撤销更改。",
  },
  applyWithUndo: { en: "Apply, with undo armed", zh: "执行（已布置撤销）" },
  undoNow: { en: "Undo now", zh: "立即撤销" },
  closeKeepsRunning: { en: "Close (keeps running)", zh: "关闭（继续执行）" },
  starting: { en: "Starting…", zh: "正在开始…" },
  undoIn: {
    en: "The host undoes the change in {left} unless it is verified.",
    zh: "若未通过验证，主机将在 {left} 后自行撤销。",
  },
  undoDue: { en: "The undo window is over. Waiting for the host to report.", zh: "撤销时限已到，等待主机回报。" },
  wasKept: { en: "Kept: the check passes and the guests answer.", zh: "已保留：检查通过，虚拟机有响应。" },
  wasUndone: { en: "Undone: everything is as it was.", zh: "已撤销：一切恢复原状。" },
  wasFailed: {
    en: "Failed. See the last line. Nothing more will be done.",
    zh: "失败。请看最后一行；不会再执行任何操作。",
  },
  wasUnknown: { en: "The outcome is unknown. See the last line.", zh: "结果未知。请看最后一行。" },
} as const;
