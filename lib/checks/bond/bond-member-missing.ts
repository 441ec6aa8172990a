import { defineCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { isElsewhere } from "../layer2";
import { configuredMembers } from "./configured-members";

/**
 * The boot configuration gives a member to the bond, and the kernel does not have it there; or a bond has one member left of those that it had. A bond with one member by
 * configuration, and never more, is meant so. A configuration none of whose members is there is another manager's leftover.
 */
export const check = defineCheck({
  id: "bond-member-missing",
  layer: "bond",
  title: { en: "Bond lacks a member", zh: "绑定缺少成员" },
  message: {
    en: "{members} should be in {bond} by {source} and is not: {left} left",
    zh: "按 {source}，{members} 应在 {bond} 中但未加入：剩余 {left} 个成员",
  },
  expected: { en: "{members} is a member of {bond}", zh: "{members} 是 {bond} 的成员" },
  repair: {
    en: "Put it back: ip link set dev {members} down; ip link set dev {members} master {bond}. If {members} does not exist, look for its card and driver (lspci, dmesg). If it was taken out on purpose, take it out of {source} too.",
    zh: "重新加入：ip link set dev {members} down；ip link set dev {members} master {bond}。若 {members} 不存在，检查网卡和驱动（lspci、dmesg）。若有意移除，请同时从 {source} 中移除。",
  },
  explain: {
    en: "A NIC that is renamed, replaced or restarted by hand comes back without its bond. All goes on working over the rest - until that fails.",
    zh: "被改名、更换或手工重启的网卡会脱离绑定。其余成员继续工作——直到它们也失效。",
  },
  needs: ["bond", "net-config"],
  subjects: ["bond"],
  sources: [
    "https://docs.kernel.org/networking/bonding.html",
    "https://manpages.debian.org/bookworm/ifenslave/ifenslave.8.en.html",
    "https://www.freedesktop.org/software/systemd/man/latest/systemd.network.html",
    "https://netplan.readthedocs.io/en/stable/netplan-yaml/",
  ],
  lab: { case: "bond-member-missing" },
  evaluate(subject, view) {
    if (isElsewhere(subject)) return null;
    const bond = view.fact("bond").find((entry) => entry.ifname === subject.name);
    if (!bond) return null;
    const files = view.factOrAbsent("net-config") ?? [];
    const wanted = configuredMembers(files).get(bond.ifname) ?? new Set<string>();
    const have = new Set(bond.members.map((member) => member.ifname));
    const known = Array.isArray(subject.attributes.hadMembers) ? subject.attributes.hadMembers.map(String) : [];
    const byConfig = [...wanted].some((name) => have.has(name)) || have.size === 0;
    const missing = byConfig ? [...wanted].filter((name) => !have.has(name)) : [];
    const lost = wanted.size === 0 && have.size === 1 ? known.filter((name) => !have.has(name)) : [];
    const names = missing.length > 0 ? missing : lost;
    if (names.length === 0) return have.size === 0 ? null : pass;
    const file = files.find((one) =>
      configuredMembers([one])
        .get(bond.ifname)
        ?.has(names[0] ?? ""),
    );
    return {
      status: "warn",
      params: {
        bond: bond.ifname,
        members: names.join(", "),
        left: have.size,
        source: file?.path ?? "baseline",
      },
      evidence: [
        {
          command: commandLine(["cat", `/proc/net/bonding/${bond.ifname}`]),
          excerpt: bond.members.map((member) => `Slave Interface: ${member.ifname}`).join("\n") || "Slave Interface: -",
        },
        ...(file
          ? [
              {
                command: commandLine(["grep", "-n", bond.ifname, file.path]),
                excerpt: file.lines.filter((line) => line.includes(bond.ifname)).join("\n") || bond.ifname,
              },
            ]
          : []),
      ],
    };
  },
});
