import type { BondMember } from "../../probes/bond";
import { every10s, setBond } from "../bridge-examples";
import type { CheckExamples } from "../define";
import { bondHost, memberDown, setLink, unread } from "../testing";
import { nobody } from "./bond-lacp-failed";

export const examples: CheckExamples = {
  bad: [
    {
      name: "against a plain switch: no partner, and the kernel gave up waiting",
      expect: "fail",
      facts: lacp((member) => ({ ...member, partnerChurn: "churned", partner: end(nobody, 1) })),
      subject: "bond/bond0",
    },
    {
      name: "no partner for a minute",
      expect: "fail",
      facts: lacp((member) => ({ ...member, partner: end(nobody, 1) })),
      subject: "bond/bond0",
      samples: { apart: every10s(1, 1, 1, 1, 1, 1) },
    },
    {
      name: "members on two aggregators",
      expect: "fail",
      facts: lacp((member, at) => ({ ...member, aggregatorId: at + 1 })),
      subject: "bond/bond0",
      samples: { apart: every10s(1, 1, 1, 1) },
    },
    {
      name: "seen without root, by churn alone",
      expect: "fail",
      facts: lacp(({ partner: _partner, actor: _actor, ...member }, at) => ({
        ...member,
        partnerChurn: at === 1 ? "churned" : "none",
      })),
      subject: "bond/bond0",
    },
    {
      name: "the switch holds one port back: in step, neither collecting nor distributing",
      expect: "fail",
      facts: lacp((member, at) => (at === 1 ? { ...member, partner: end("52:54:00:4c:ff:01", 13) } : member)),
      subject: "bond/bond0",
      samples: { apart: every10s(1, 1, 1, 1) },
    },
    {
      name: "the switch collects and does not distribute",
      expect: "fail",
      facts: lacp((member) => ({ ...member, partner: end("52:54:00:4c:ff:01", 29) })),
      subject: "bond/bond0",
      samples: { apart: every10s(1, 1, 1, 1) },
    },
    {
      name: "the same seen without root, by netlink",
      expect: "fail",
      facts: withStates(63, 13),
      subject: "bond/bond0",
      samples: { apart: every10s(1, 1, 1, 1) },
    },
  ],
  good: [
    { name: "negotiated", expect: "pass", facts: lacp((member) => member), subject: "bond/bond0" },
    {
      name: "once called churned, and joined since: the kernel may go on saying so",
      expect: "pass",
      facts: lacp((member, at) =>
        at === 1
          ? { ...member, actorChurn: "churned", partnerChurn: "churned", partner: end("52:54:00:4c:ff:01", 63) }
          : member,
      ),
      subject: "bond/bond0",
    },
    {
      name: "a passive switch with short timeouts",
      expect: "pass",
      facts: withStates(61, 62),
      subject: "bond/bond0",
    },
    {
      name: "without root, all in step by netlink",
      expect: "pass",
      facts: withStates(61, 61),
      subject: "bond/bond0",
    },
    {
      name: "the switch's port came up a moment ago",
      expect: "not-applicable",
      facts: lacp((member, at) => (at === 1 ? { ...member, partner: end("52:54:00:4c:ff:01", 13) } : member)),
      subject: "bond/bond0",
      samples: { apart: every10s(0, 1, 1) },
    },
    { name: "active-backup", expect: "not-applicable", facts: bondHost(), subject: "bond/bond0" },
    {
      name: "negotiating since a moment",
      expect: "not-applicable",
      facts: lacp((member) => ({ ...member, partnerChurn: "monitoring", partner: end(nobody, 1) })),
      subject: "bond/bond0",
      samples: { apart: every10s(0, 1, 1) },
    },
    {
      name: "the member that is apart has no link",
      expect: "pass",
      facts: lacp((member, at) =>
        at === 1 ? { ...member, miiStatus: "down", aggregatorId: 2, partner: end(nobody, 1) } : member,
      ),
      subject: "bond/bond0",
    },
    {
      name: "no member has link",
      expect: "not-applicable",
      facts: memberDown(
        lacp((member) => member),
        "nic0",
        "nic1",
      ),
      subject: "bond/bond0",
    },
  ],
  unknown: [
    {
      name: "/proc/net/bonding not read",
      expect: "unknown",
      facts: unread(bondHost(), "bond"),
      subject: "bond/bond0",
    },
    {
      name: "an old kernel shows the partner to root only",
      expect: "unknown",
      facts: lacp(({ partner: _partner, actor: _actor, partnerChurn: _churn, ...member }) => member),
      subject: "bond/bond0",
    },
    {
      name: "no churn, and nobody saw whether the partner collects",
      expect: "unknown",
      facts: lacp(({ partner: _partner, actor: _actor, ...member }) => member),
      subject: "bond/bond0",
    },
  ],
};

function end(systemMac: string, portState: number) {
  return { systemPriority: 65535, systemMac, key: 15, portPriority: 255, portNumber: 1, portState };
}

function lacp(change: (member: BondMember, at: number) => BondMember) {
  return setBond(bondHost(), (bond) => ({
    ...bond,
    mode: "802.3ad",
    modeText: "IEEE 802.3ad Dynamic link aggregation",
    active: undefined,
    members: bond.members.map((member, at) =>
      change(
        {
          ...member,
          aggregatorId: 1,
          actorChurn: "none",
          partnerChurn: "none",
          actor: end("52:54:00:4c:00:10", 61),
          partner: end("52:54:00:4c:ff:01", 61),
        },
        at,
      ),
    ),
  }));
}

/** As a host tells it that is read without root: the port states come by netlink alone. */
function withStates(actor: number, partner: number) {
  const facts = lacp(({ partner: _partner, actor: _actor, ...member }) => member);
  return ["nic0", "nic1"].reduce(
    (all, name) =>
      setLink(all, name, (link) => ({
        ...link,
        linkinfo: {
          ...link.linkinfo,
          info_slave_data: {
            ...link.linkinfo?.info_slave_data,
            ad_actor_oper_port_state: actor,
            ad_partner_oper_port_state: partner,
          },
        },
      })),
    facts,
  );
}
