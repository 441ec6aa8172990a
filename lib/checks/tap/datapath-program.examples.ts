import type { FactOf } from "../../probes/registry";
import type { CheckExamples } from "../define";
import { healthySupport } from "../host-examples";
import { bondHost, edit, factsOf, setLink, unread } from "../testing";
import type { Filter } from "./datapath-program";

export const examples: CheckExamples = {
  bad: [
    {
      name: "netem loses frames",
      expect: "warn",
      facts: withTc({
        qdiscs: [{ kind: "netem", dev: "nic0", root: true, options: { limit: 1000, "loss-random": { loss: 0.3 } } }],
      }),
      subject: "nic/nic0",
    },
    {
      name: "netem loses all",
      expect: "fail",
      facts: withTc({
        qdiscs: [{ kind: "netem", dev: "nic0", root: true, options: { "loss-random": { loss: 1 } } }],
      }),
      subject: "nic/nic0",
    },
    {
      name: "a rule drops all that the guest sends",
      expect: "fail",
      facts: withTc({ filters: [filter("matchall", { kind: "gact", control_action: { type: "drop" } })] }),
      subject: "tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "a rule drops some of it",
      expect: "warn",
      facts: withTc({ filters: [filter("flower", { kind: "gact", control_action: { type: "drop" } })] }),
      subject: "tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "diverted to another interface",
      expect: "fail",
      facts: withTc({
        filters: [filter("matchall", { kind: "mirred", mirred_action: "redirect", to_dev: "dummy9" })],
      }),
      subject: "tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "a policer that drops, and nobody's limit",
      expect: "warn",
      facts: withTc({
        filters: [
          filter("matchall", {
            kind: "police",
            control_action: { type: "pass" },
            stats: { packets: 900, drops: 350 },
          }),
        ],
      }),
      subject: "tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "a policer that lets nothing pass",
      expect: "fail",
      facts: withTc({
        filters: [filter("matchall", { kind: "police", stats: { packets: 900, drops: 900 } })],
      }),
      subject: "tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "a policer as u32 carries it without a list of actions",
      expect: "warn",
      facts: withTc({ filters: [oldPolice(12, 900)] }),
      subject: "tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "tc is not installed, yet ip link names netem",
      expect: "warn",
      facts: setLink(unread(withTc({}), "tc", "absent"), "nic0", { qdisc: "netem" }),
      subject: "nic/nic0",
    },
    {
      name: "XDP on a TAP",
      expect: "warn",
      facts: withTc({}, true),
      subject: "tap/web-01/52:54:00:5b:00:01",
    },
  ],
  good: [
    { name: "nothing there", expect: "pass", facts: withTc({}), subject: "nic/nic0" },
    {
      name: "libvirt's bandwidth limit",
      expect: "pass",
      facts: withTc(
        {
          qdiscs: [
            { kind: "htb", dev: "vnet0", root: true, options: { r2q: "0xa" } },
            { kind: "ingress", dev: "vnet0", options: {} },
          ],
          filters: [oldPolice(4000, 900_000)],
        },
        false,
        true,
      ),
      subject: "tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "a policer that has dropped nothing",
      expect: "pass",
      facts: withTc({ filters: [filter("matchall", { kind: "police", stats: { packets: 900, drops: 0 } })] }),
      subject: "tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "no tc, and no module with which a rule could be",
      expect: "pass",
      facts: { ...unread(withTc({}), "tc", "absent"), ...factsOf({ "virt-support": healthySupport }) },
      subject: "nic/nic0",
    },
    {
      name: "shaping by an ifb, and a mirror",
      expect: "pass",
      facts: withTc({
        filters: [
          filter("matchall", { kind: "mirred", mirred_action: "redirect", to_dev: "ifb0" }),
          filter("matchall", { kind: "mirred", mirred_action: "mirror", to_dev: "span0" }),
        ],
      }),
      subject: "tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "netem that does nothing, a hook without a rule",
      expect: "pass",
      facts: withTc({
        qdiscs: [
          { kind: "netem", dev: "nic0", root: true, options: { limit: 1000 } },
          { kind: "clsact", dev: "nic0", options: {} },
        ],
      }),
      subject: "nic/nic0",
    },
  ],
  unknown: [
    { name: "tc not read", expect: "unknown", facts: unread(withTc({}), "tc"), subject: "nic/nic0" },
    {
      name: "tc is not installed where rules may be",
      expect: "unknown",
      facts: {
        ...unread(withTc({}), "tc", "absent"),
        ...factsOf({ "virt-support": { ...healthySupport, modules: [...healthySupport.modules, "sch_ingress"] } }),
      },
      subject: "nic/nic0",
    },
    {
      name: "tc is not installed, and whether rules may be is not known",
      expect: "unknown",
      facts: unread(withTc({}), "tc", "absent"),
      subject: "tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "a policer whose counters are not printed",
      expect: "unknown",
      facts: withTc({ filters: [filter("matchall", { kind: "police" })] }),
      subject: "tap/web-01/52:54:00:5b:00:01",
    },
  ],
};

/** A policer as libvirt's u32 rule carries it. */
function oldPolice(drops: number, packets: number): Filter {
  const options = { kind: "police", index: 1, control_action: { type: "drop" } };
  return { dev: "vnet0", direction: "ingress", protocol: "all", pref: 49152, kind: "u32", options, drops, packets };
}

function filter(kind: string, action: Record<string, unknown>): Filter {
  return { dev: "vnet0", direction: "ingress", protocol: "all", pref: 49152, kind, options: { actions: [action] } };
}

function withTc(tc: Partial<FactOf<"tc">>, xdp = false, limited?: true) {
  const facts = edit(
    { ...bondHost(), ...factsOf({ tc: { qdiscs: [], filters: [], ...tc } }) },
    "libvirt-domains",
    (all) =>
      all.map((one) => ({ ...one, interfaces: one.interfaces.map((nic) => (limited ? { ...nic, limited } : nic)) })),
  );
  return xdp ? setLink(facts, "vnet0", { xdp: { mode: 2, prog: { id: 8 }, attached: [] } }) : facts;
}
