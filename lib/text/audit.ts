import { remedyTitles } from "../remedies/titles";
import type { Language, Wording } from "../wording";
import { phaseWord } from "./labels";

/** What stands in the audit log, in words. The log itself keeps short names, for programs. */
const actions: ReadonlyMap<string, Wording> = new Map<string, Wording>([
  ["host.test", { en: "connection tried", zh: "测试连接" }],
  ["host.approveKey", { en: "host key accepted", zh: "接受主机密钥" }],
  ["host.save", { en: "host saved", zh: "保存主机" }],
  ["host.remove", { en: "host removed", zh: "删除主机" }],
  ["capture.open", { en: "capture opened", zh: "打开采集文件" }],
  ["host.retry", { en: "host tried again", zh: "重试主机" }],
  ["keys.import", { en: "host keys imported", zh: "导入主机密钥" }],
  ["demo.start", { en: "demo fleet started", zh: "启动演示环境" }],
  ["demo.stop", { en: "demo fleet removed", zh: "移除演示环境" }],
  ["settings.put", { en: "threshold changed", zh: "修改阈值" }],
  ["settings.reset", { en: "threshold reset", zh: "恢复默认阈值" }],
  ["login", { en: "login", zh: "登录" }],
  ["logout", { en: "logout", zh: "退出登录" }],
  ["first admin made", { en: "first admin made", zh: "创建首个管理员" }],
  ["password changed", { en: "password changed", zh: "修改密码" }],
  ["session ended", { en: "session ended", zh: "结束会话" }],
  ["user added", { en: "user added", zh: "添加用户" }],
  ["user changed", { en: "user changed", zh: "修改用户" }],
  ["user removed", { en: "user removed", zh: "删除用户" }],
  ["user logged out everywhere", { en: "user logged out everywhere", zh: "用户在所有设备退出" }],
  ["token made", { en: "token made", zh: "创建令牌" }],
  ["token revoked", { en: "token revoked", zh: "吊销令牌" }],
  ["request refused", { en: "request refused", zh: "拒绝请求" }],
  ["audit log exported", { en: "audit log exported", zh: "导出审计日志" }],
  ["audit log pruned", { en: "audit log pruned", zh: "清理审计日志" }],
  ["audit log tampered with", { en: "audit log tampered with", zh: "审计日志被篡改" }],
  ["retention.put", { en: "retention changed", zh: "修改保留期限" }],
  ["incident shared", { en: "incident shared", zh: "分享事件" }],
  ["stored change refused", { en: "stored change refused", zh: "拒绝已存储的更改" }],
  ["incident revoked", { en: "incident revoked", zh: "吊销事件链接" }],
]);

const outcomes: ReadonlyMap<string, Wording> = new Map<string, Wording>([
  ["done", { en: "done", zh: "完成" }],
  ["refused", { en: "refused", zh: "被拒绝" }],
  ...Object.entries(phaseWord),
]);

/** An action of the audit log for people; as it stands where this build does not know it. */
export function actionWords(what: string, language: Language): string {
  const [, id] = /^remedy (.*)$/s.exec(what) ?? [];
  const title = id === undefined ? undefined : remedyTitles.get(id);
  return (title ?? actions.get(what))?.[language] ?? what;
}

/** How it ended, for people. What follows the first colon was said by a server or a host and stays as it is. */
export function outcomeWords(outcome: string, language: Language): string {
  const colon = outcome.indexOf(": ");
  const [head, tail] = colon < 0 ? [outcome, ""] : [outcome.slice(0, colon), outcome.slice(colon)];
  return `${outcomes.get(head)?.[language] ?? head}${tail}`;
}

/** Whether there are words for this action. */
export const hasActionWords = (what: string): boolean => actions.has(what);
