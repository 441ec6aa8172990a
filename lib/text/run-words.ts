import type { Wording } from "../wording";

/**
 * What a guarded change says of its course and its end. A run is stored and sent as the key of one of these and the values of its places (said.ts), so
 * that whoever reads it, and whenever, reads it in their language. A key that rows in databases hold is never given another meaning.
 */
export const runWords = {
  /** A sentence of a release that stored sentences. */
  asWritten: { en: "{text}", zh: "{text}" },
  both: { en: "{first}; {second}", zh: "{first}；{second}" },
  notBegun: { en: "not begun yet", zh: "尚未开始" },

  // The way forward.
  asking: { en: "Asking the guests what works before the change", zh: "正在询问虚拟机更改前的可用情况" },
  arming: {
    en: "Arming the undo on the host: it fires by itself after {seconds} s",
    zh: "正在主机上布置撤销：{seconds} 秒后自行触发",
  },
  applying: { en: "{step} ({at} of {of})", zh: "{step}（第 {at} 步，共 {of} 步）" },
  settling: { en: "Waiting up to {seconds} s: {because}", zh: "最多等待 {seconds} 秒：{because}" },
  clearAsking: { en: "The check is clear; asking the guests", zh: "检查已通过，正在询问虚拟机" },

  // What was found.
  exitWith: { en: "{command}: exit {exit}: {words}", zh: "{command}：退出码 {exit}：{words}" },
  notRun: { en: "the check has not run", zh: "检查尚未运行" },
  checkUnknown: { en: "the check says unknown: {because}", zh: "检查无法判断：{because}" },
  stillSo: { en: "still so: {message}", zh: "问题仍在：{message}" },
  cameBack: { en: "it came back at once: {message}", zh: "问题立即再次出现：{message}" },
  lostGuests: { en: "no longer answering: {guests}", zh: "不再应答：{guests}" },
  answering: { en: "{some} of {all} affected guests answer", zh: "{all} 台受影响的虚拟机中有 {some} 台应答" },
  silentAsBefore: { en: "silent, as before: {guests}", zh: "与之前一样无应答：{guests}" },
  noAddress: {
    en: "no address known, judged by the check alone: {guests}",
    zh: "地址未知，仅凭检查判断：{guests}",
  },
  noGuest: { en: "the check is clear; no guest depends on it", zh: "检查已通过，没有虚拟机依赖于此" },
  notReadAgain: { en: "the host could not be read once more", zh: "无法再次读取主机" },
  notReadBecause: { en: "the host could not be read once more: {why}", zh: "无法再次读取主机：{why}" },
  clearNow: { en: "the check is clear now", zh: "检查现已通过" },
  unknownNow: { en: "the check says unknown now", zh: "检查现在无法判断" },
  saysNow: { en: "the check says now: {message}", zh: "检查现在的结果：{message}" },

  // The way back.
  stepFailed: { en: "a step failed: {why}", zh: "有一步失败：{why}" },
  undoAsked: { en: "undo was asked for", zh: "有人请求撤销" },
  undoing: { en: "Undoing: {why}", zh: "正在撤销：{why}" },
  undoFailed: { en: "{why}; undo failed: {failures}", zh: "{why}；撤销失败：{failures}" },
  hostTries: { en: "{why}; the host tries by itself", zh: "{why}；由主机自行尝试" },
  beingTakenBack: { en: "being taken back by {who}", zh: "{who} 正在撤回" },
  takenBack: { en: "taken back by {who}", zh: "已由 {who} 撤回" },
  notInTime: { en: "it could not be disarmed in time", zh: "未能及时解除撤销" },
  firedBefore: {
    en: "the host's own undo fired before it could be disarmed",
    zh: "在解除之前，主机的撤销已经触发",
  },

  // Ends without an answer.
  nothingChanged: { en: "nothing was changed: {why}", zh: "没有任何更改：{why}" },
  maybeArmed: {
    en: "nothing was changed: {why}. Whether the undo was armed is not known; it is disarmed when the host is back",
    zh: "没有任何更改：{why}。不知道撤销是否已布置；主机恢复后会将其解除",
  },
  afterDisarming: {
    en: "{why}. The undo was disarmed before; how much is taken back is not known",
    zh: "{why}。撤销此前已解除；不知道撤回了多少",
  },
  whileDisarming: {
    en: "{why}. Whether the undo was disarmed is not known; the host is asked when it is back",
    zh: "{why}。不知道撤销是否已解除；主机恢复后会再询问",
  },
  leftToHost: {
    en: "{why}. The host undoes by itself, and is asked when it is back",
    zh: "{why}。主机会自行撤销，恢复后会再询问",
  },
  notStored: { en: "the next step could not be written down: {why}", zh: "下一步无法记录：{why}" },
  endNotStored: { en: "{says}; the outcome could not be stored: {why}", zh: "{says}；结果无法保存：{why}" },
  connectionLost: { en: "the connection to {host} is lost", zh: "与 {host} 的连接已中断" },
  lineLost: { en: "{command}: the connection is lost", zh: "{command}：连接已中断" },

  // What a guard has done, as its host tells it.
  guardWaits: { en: "the undo still waits on the host", zh: "撤销仍在主机上等待" },
  guardUndoing: { en: "the host is undoing the change", zh: "主机正在撤销更改" },
  guardDisarmed: { en: "the undo was disarmed on the host", zh: "主机上的撤销已解除" },
  guardUndone: { en: "the host undid the change by itself", zh: "主机已自行撤销更改" },
  guardFailed: {
    en: "the host tried to undo the change by itself and failed: {failures}",
    zh: "主机尝试自行撤销更改，但失败了：{failures}",
  },
  guardRebooted: {
    en: "the host has been rebooted since, and its undo went with it",
    zh: "主机此后重启过，其撤销也随之消失",
  },
  guardGone: { en: "the record of the undo is no longer on the host", zh: "主机上已没有撤销的记录" },
  guardVanished: {
    en: "the undo no longer waits on the host, and it never fired",
    zh: "撤销已不在主机上等待，也从未触发",
  },
  guardCut: {
    en: "the undo was ended on the host before it had tried every step",
    zh: "主机上的撤销在尝试完所有步骤之前被终止",
  },
  aStep: { en: "a step", zh: "某一步" },

  // How a run that was cut off ended.
  undoneBeforeCut: {
    en: "it was undone before the run was cut off; {says}",
    zh: "在中断之前已经撤销；{says}",
  },
  longAfter: { en: "{says}, long after its time", zh: "{says}，早已超过时限" },
  neverArmed: {
    en: "nothing was changed: it ended before the undo was seen armed",
    zh: "没有任何更改：在确认撤销已布置之前就结束了",
  },
  neverArmedBut: {
    en: "nothing was changed: it ended before the undo was seen armed; all the same, {says}",
    zh: "没有任何更改：在确认撤销已布置之前就结束了；尽管如此，{says}",
  },
  backSince: {
    en: "verified before it was cut off, and back since; {says}",
    zh: "中断之前已验证，此后问题再次出现；{says}",
  },
  verifiedBefore: { en: "verified before it was cut off; {says}", zh: "中断之前已验证；{says}" },
  takenBackBefore: { en: "taken back before it was cut off; {says}", zh: "中断之前已撤回；{says}" },
  halfTaken: {
    en: "{says}; how much was taken back by then is not known",
    zh: "{says}；不知道当时撤回了多少",
  },

  // Arming that was turned down.
  noAnswer: { en: "no answer", zh: "无应答" },
  notArmed: { en: "the undo could not be armed (exit {exit}): {words}", zh: "无法布置撤销（退出码 {exit}）：{words}" },

  // The undo window.
  windowReadings: { en: "{seconds} s for two readings", zh: "{seconds} 秒用于两次读取" },
  windowGuests: { en: "{seconds} s to ask the guests", zh: "{seconds} 秒用于询问虚拟机" },
  windowMargin: { en: "{seconds} s margin", zh: "{seconds} 秒余量" },

  // Why a plan, an apply or an undo is refused.
  noHost: { en: "no host {host}", zh: "没有主机 {host}" },
  notConnected: { en: "{host} is not connected: {why}", zh: "{host} 未连接：{why}" },
  needsRoot: { en: "a change needs root on {host}: {why}", zh: "更改需要 {host} 的 root 权限：{why}" },
  noSudo: { en: "sudo is not allowed", zh: "不允许 sudo" },
  cannotArm: { en: "no undo can be armed on {host}: {why}", zh: "无法在 {host} 上布置撤销：{why}" },
  narrowSudo: {
    en: "a change needs root on {host}, and sudo allows this login only what reading needs: no undo could be armed ({why})",
    zh: "更改需要 {host} 的 root 权限，而 sudo 只允许该登录执行读取所需的命令：无法布置撤销（{why}）",
  },
  findingGone: { en: "this finding is no longer there", zh: "该发现已不存在" },
  noRemedy: { en: "there is no remedy for {check}", zh: "{check} 没有可用的修复" },
  otherRemedy: { en: "{remedy} is no remedy for {check}", zh: "{remedy} 不是 {check} 的修复" },
  planGone: { en: "this plan is no longer on the table: open it again", zh: "该方案已失效：请重新打开" },
  typeName: { en: "type the host's name, {host}, to confirm", zh: "请输入主机名 {host} 以确认" },
  chooseFirst: { en: "choose one of: {choices}", zh: "请选择其一：{choices}" },
  otherUnderWay: { en: "another change is under way on {host}", zh: "{host} 上正在进行另一项更改" },
  changedSince: {
    en: "the host has changed since the plan was shown: open it again",
    zh: "方案显示之后主机已有变化：请重新打开",
  },
  beingTakenAlready: { en: "this change is being taken back already", zh: "该更改已在撤回" },
  noSuchChange: { en: "no such change", zh: "没有这项更改" },
  hasEndedAs: { en: "this change has ended: {phase}", zh: "该更改已结束：{phase}" },
  tooOld: { en: "this change is older than a day: plan a new one", zh: "该更改已超过一天：请制定新的方案" },
  ofOlderRelease: {
    en: "this change was made by an older release, which kept commands and not what they change: it cannot be taken back here, plan a new one",
    zh: "该更改由旧版本执行，旧版本只保存命令而非更改内容：无法在此撤回，请制定新的方案",
  },
  hostUndoing: { en: "{host} is undoing this change by itself just now", zh: "{host} 正在自行撤销该更改" },
} as const satisfies Readonly<Record<string, Wording>>;
