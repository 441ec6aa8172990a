import type { Remedy } from "./define";
import { refuse } from "./refusals";
import { chainNamed, insertRule, noInsert } from "./rules";
import { oneStep } from "./subject";

/** Lets echo requests pass at the head of the chain that drops them. */
export const remedy: Remedy = {
  id: "echo-allow",
  title: { en: "Let pings pass", zh: "放行 ping" },
  checks: ["firewall-drops-icmp"],
  makes: ["rule"],
  sources: ["https://man7.org/linux/man-pages/man8/iptables-extensions.8.html"],
  plan({ finding }) {
    const refused = noInsert(finding.params);
    if (refused !== undefined) return refused;
    const chain = chainNamed(finding.params.hook);
    if (!chain) return refuse({ en: "the finding names no chain of iptables", zh: "该发现没有指出 iptables 的链" });
    return oneStep(
      insertRule({ en: `Let echo requests pass ${chain}`, zh: `在 ${chain} 中放行 echo 请求` }, chain, {
        only: "echo-request",
      }),
      {
        en: "Nothing is interrupted. The host answers pings that somebody had chosen to drop.",
        zh: "不会中断任何流量。主机将应答此前被有意丢弃的 ping。",
      },
    );
  },
};
