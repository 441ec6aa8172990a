import { defineCheck, pass } from "../define";
import { commandLine, linkEvidence } from "../evidence";

/**
 * A TAP has carrier exactly while a program holds it open. One that is a bridge's port, up, and held by nobody was left behind. Not so: a TAP that libvirt's definitions or the host's
 * configuration name (it waits for a guest that is off); one on no bridge (a VPN that is not running); one that a guest holds with its carrier switched off.
 */
export const check = defineCheck({
  id: "tap-no-process",
  layer: "tap",
  title: { en: "TAP is held by no process", zh: "TAP 没有进程持有" },
  message: {
    en: "{tap} is a port of {bridge}, but no process holds it: left behind by a guest that is gone",
    zh: "{tap} 是 {bridge} 的端口，但没有进程持有它：是已消失的虚拟机遗留的",
  },
  expected: { en: "Each TAP on a bridge is open in some process", zh: "网桥上的每个 TAP 都由某个进程打开" },
  repair: {
    en: "Make sure that no guest is about to use {tap}, then delete it: ip tuntap del dev {tap} mode tap. If it is meant to wait for one, name it in the host's network configuration.",
    zh: "确认没有虚拟机将要使用 {tap} 后删除它：ip tuntap del dev {tap} mode tap。若它本应等待虚拟机，请将其写入主机网络配置。",
  },
  explain: {
    en: "A persistent TAP outlives the process that used it. It looks like a guest's port that lost its link, keeps its name and MAC taken, and a guest that is started anew may fail on it.",
    zh: "持久 TAP 在使用它的进程结束后依然存在。它看起来像断链的虚拟机端口，占用名称和 MAC，重新启动的虚拟机可能因此失败。",
  },
  needs: ["ip-link", "libvirt-domains"],
  optional: ["qemu-proc", "net-config"],
  subjects: ["tap"],
  sources: ["https://docs.kernel.org/networking/tuntap.html", "https://man7.org/linux/man-pages/man8/ip-tuntap.8.html"],
  lab: { case: "tap-no-process" },
  evaluate(subject, view) {
    const { up, carrier, master, vm } = subject.attributes;
    if (up !== true || typeof master !== "string") return null;
    if (carrier === true) return pass;
    const named = (view.factOrAbsent("libvirt-domains") ?? []).some((domain) =>
      domain.interfaces.some((nic) => nic.target === subject.name),
    );
    if (named || typeof vm === "string") return null;
    const held = (view.factIfRead("qemu-proc") ?? []).some((process) =>
      process.taps?.some((one) => one.ifname === subject.name),
    );
    if (held) return null;
    const words = (line: string) => line.split(/[\s=:,[\]"']+/);
    const meant = (view.factIfRead("net-config") ?? []).some((file) =>
      file.lines.some((line) => words(line).includes(subject.name)),
    );
    if (meant) return null;
    return {
      status: "warn",
      params: { tap: subject.name, bridge: master },
      evidence: [
        linkEvidence(subject),
        {
          command: `grep -l ${commandLine([`iff:.*${subject.name}$`])} /proc/[0-9]*/fdinfo/*`,
          excerpt: "(no process has it open)",
        },
      ],
    };
  },
});
