import type { Bond } from "../../probes/bond";
import { defineCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { isElsewhere, linkNamed } from "../layer2";

/**
 * Members of a bond that are not alike: one narrower than the bond (MTU), one at half duplex, one slower. A slower backup that waits is a common design and no fault; a slower member
 * that is in use while a faster one waits is.
 */
export const check = defineCheck({
  id: "bond-members-differ",
  layer: "bond",
  title: { en: "Bond members differ", zh: "绑定成员不一致" },
  message: {
    en: "{bond}: members differ in {what}: {values}",
    zh: "{bond}：成员的 {what} 不一致：{values}",
  },
  expected: { en: "All members of {bond} have the same {what}", zh: "{bond} 的所有成员 {what} 一致" },
  repair: {
    en: "MTU: ip link set dev MEMBER mtu N, the bond's. Speed or duplex: look at {odd}, its cable, SFP and switch port (ethtool {odd}), both ends on autonegotiation; with active-backup name the fast one as primary (ip link set dev {bond} type bond primary MEMBER).",
    zh: "MTU：ip link set dev 成员 mtu N，与绑定一致。速率或双工：检查 {odd} 的线缆、SFP 和交换机端口（ethtool {odd}），两端启用自动协商；active-backup 模式下把较快的成员设为 primary（ip link set dev {bond} type bond primary 成员）。",
  },
  explain: {
    en: "Flows over the odd member are slower, or lose big packets, and no others: faults that come and go with the hash or the fail-over. LACP does not aggregate links of different speed or duplex at all.",
    zh: "经过异常成员的流会变慢或丢失大包，其他流正常：故障随哈希或切换时有时无。LACP 根本不会聚合速率或双工不同的链路。",
  },
  needs: ["bond", "ip-link"],
  subjects: ["bond"],
  sources: ["https://docs.kernel.org/networking/bonding.html", "https://man7.org/linux/man-pages/man8/ethtool.8.html"],
  lab: { case: "bond-members-differ" },
  evaluate(subject, view) {
    if (isElsewhere(subject)) return null;
    const bond = view.fact("bond").find((entry) => entry.ifname === subject.name);
    if (!bond || bond.members.length < 2) return null;
    const links = view.fact("ip-link");
    const wide = linkNamed(links, bond.ifname)?.mtu;
    const mtus = bond.members.map(({ ifname }) => ({ ifname, value: linkNamed(links, ifname)?.mtu }));
    const narrow = mtus.find(({ value }) => value !== undefined && wide !== undefined && value < wide);
    const found = narrow ? { what: "mtu", odd: narrow.ifname, values: mtus } : unlikeLinks(bond);
    if (!found) return pass;
    return {
      status: "warn",
      params: {
        bond: bond.ifname,
        what: found.what,
        odd: found.odd,
        values: found.values.map(({ ifname, value }) => `${ifname} ${value ?? "?"}`).join(", "),
        ...(found.what === "mtu" && wide !== undefined ? { link: found.odd, needed: wide } : {}),
      },
      evidence: [
        found.what === "mtu"
          ? {
              command: commandLine(["ip", "link", "show", "master", bond.ifname]),
              excerpt: mtus.map(({ ifname, value }) => `${ifname}: mtu ${value ?? "?"}`).join("\n"),
            }
          : {
              command: commandLine(["cat", `/proc/net/bonding/${bond.ifname}`]),
              excerpt: bond.members
                .map(
                  ({ ifname, speed, duplex }) =>
                    `Slave Interface: ${ifname}\nSpeed: ${speed ?? "?"} Mbps\nDuplex: ${duplex ?? "?"}`,
                )
                .join("\n"),
            },
      ],
    };
  },
});

interface Unlike {
  readonly what: string;
  readonly odd: string;
  readonly values: readonly { readonly ifname: string; readonly value: string | number | undefined }[];
}

/** A member without link has neither speed nor duplex to compare. */
function unlikeLinks(bond: Bond): Unlike | undefined {
  const live = bond.members.filter((member) => member.miiStatus === "up");
  const half = live.find((member) => member.duplex === "half");
  if (half && live.some((member) => member.duplex === "full"))
    return { what: "duplex", odd: half.ifname, values: live.map(({ ifname, duplex }) => ({ ifname, value: duplex })) };
  const known = live.flatMap(({ ifname, speed }) => (speed === undefined ? [] : [{ ifname, value: speed }]));
  const fastest = Math.max(...known.map(({ value }) => value));
  const inUse = bond.mode === "active-backup" ? known.filter(({ ifname }) => ifname === bond.active) : known;
  const slow = inUse.find(({ value }) => value < fastest);
  return slow && { what: "speed", odd: slow.ifname, values: known };
}
