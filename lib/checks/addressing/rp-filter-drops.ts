import { addressKinds } from "../../graph/kinds";
import { defineCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { growth } from "../growth";
import { inForce, settingKey } from "../network-values";

/**
 * The reverse path filter drops packets right now and is strict somewhere: what comes in by another way than the answer would leave is thrown away. A single stray packet is no
 * fault, nor are drops of old. Loose mode (2) only drops sources that have no route at all.
 */
export const check = defineCheck({
  id: "rp-filter-drops",
  layer: "addressing",
  title: { en: "Reverse path filter drops packets", zh: "反向路径过滤丢包" },
  message: {
    en: "{dropped} packets dropped by the reverse path filter in {seconds} s (limit {limit}); it is strict on {links}",
    zh: "{seconds} 秒内反向路径过滤丢弃 {dropped} 个包（阈值 {limit}）；{links} 为严格模式",
  },
  expected: {
    en: "Fewer than {limit} such drops, or loose mode (2) where routes are asymmetric",
    zh: "此类丢包少于 {limit} 个，或在非对称路由处使用宽松模式（2）",
  },
  repair: {
    en: "If packets may come in by {links} whose answers leave elsewhere, loosen it there: sysctl -w {key}=2 (the larger of the interface's and of all's value counts). Which they are: sysctl -w net.ipv4.conf.all.log_martians=1, then dmesg.",
    zh: "如果经 {links} 进入的包的应答会从别处发出，请在该接口放宽：sysctl -w {key}=2（接口与 all 取较大值）。查看具体的包：sysctl -w net.ipv4.conf.all.log_martians=1，然后看 dmesg。",
  },
  explain: {
    en: "Strict mode accepts a packet only from the interface by which the host would answer its sender. With two uplinks, policy routing or two addresses in one subnet, good packets vanish without a word.",
    zh: "严格模式只接受来自应答出口接口的数据包。有两条上行、策略路由或同网段两个地址时，正常数据包会无声丢失。",
  },
  needs: ["resources", "sysctl"],
  subjects: ["host"],
  settings: {
    drops: {
      title: { en: "Drops within the window", zh: "窗口内丢包数" },
      default: 10,
      unit: "packets",
      min: 1,
      max: 1_000_000,
    },
    window: {
      title: { en: "Seconds over which it is judged", zh: "判断窗口秒数" },
      default: 60,
      unit: "s",
      min: 10,
      max: 600,
    },
  },
  track: {
    dropped: { windowMs: 600_000, sample: (_subject, view) => view.fact("resources").rpFilterDrops },
  },
  sources: ["https://docs.kernel.org/networking/ip-sysctl.html", "https://www.rfc-editor.org/rfc/rfc3704"],
  lab: { case: "rp-filter-drops" },
  evaluate(_subject, view) {
    if (view.fact("resources").rpFilterDrops === undefined) return null;
    const sysctl = view.fact("sysctl");
    const strict = sysctl.interfaces.filter(
      ({ ifname }) =>
        ifname !== "all" && ifname !== "default" && ifname !== "lo" && inForce(sysctl, ifname, "rp_filter") === 1,
    );
    if (strict.length === 0) return null;
    const dropped = growth(view.samples("dropped"), view.now, view.setting("window") * 1000);
    if (!dropped) return null;
    if (dropped.delta < view.setting("drops")) return pass;
    const used = strict.filter(({ ifname }) =>
      addressKinds.some((kind) =>
        view.graph.ofKind(kind).some((node) => node.name === ifname && node.attributes.carrier === true),
      ),
    );
    const named = used.length > 0 ? used : strict;
    const first = named[0]?.ifname ?? "all";
    return {
      status: "warn",
      params: {
        dropped: dropped.delta,
        seconds: Math.round(dropped.ms / 1000),
        limit: view.setting("drops"),
        links: named
          .map(({ ifname }) => ifname)
          .slice(0, 6)
          .join(", "),
        key: settingKey(first, "rp_filter"),
        value: 2,
        was: named[0]?.ipv4.rp_filter ?? 1,
      },
      evidence: [
        {
          command: "nstat -az TcpExtIPReversePathFilter",
          excerpt: `TcpExtIPReversePathFilter ${view.samples("dropped").at(-1)?.value ?? "?"} (+${dropped.delta})`,
        },
        ...named.slice(0, 3).map(({ ifname }) => ({
          command: commandLine(["sysctl", settingKey(ifname, "rp_filter"), "net/ipv4/conf/all/rp_filter"]),
          excerpt: `in force: 1`,
        })),
      ],
    };
  },
});
