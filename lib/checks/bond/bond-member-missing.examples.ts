import type { Facts } from "../../facts/facts";
import type { ConfigFile } from "../../probes/net-config";
import type { CheckExamples } from "../define";
import { bondHost, edit, factsOf, setLink, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "nic1 is configured and not there",
      expect: "warn",
      facts: configured(without("nic1"), "ifupdown", [
        "auto nic0",
        "iface nic0 inet manual",
        "    bond-master bond0",
        "auto nic1",
        "iface nic1 inet manual",
        "    bond-master bond0",
      ]),
      subject: "bond/bond0",
    },
    {
      name: "by netplan",
      expect: "warn",
      facts: configured(without("nic1"), "netplan", [
        "network:",
        "  bonds:",
        "    bond0:",
        "      interfaces: [nic0, nic1]",
        "      parameters:",
        "        mode: active-backup",
      ]),
      subject: "bond/bond0",
    },
    {
      name: "by a netplan list",
      expect: "warn",
      facts: configured(without("nic1"), "netplan", [
        "  bonds:",
        "    bond0:",
        "      interfaces:",
        "        - nic0",
        "        - nic1",
        "  bridges:",
        "    br0:",
        "      interfaces: [bond0]",
      ]),
      subject: "bond/bond0",
    },
  ],
  good: [
    {
      name: "both are there",
      expect: "pass",
      facts: configured(bondHost(), "ifupdown", ["auto bond0", "iface bond0 inet manual", "  bond-slaves nic0 nic1"]),
      subject: "bond/bond0",
    },
    {
      name: "a bond of one by configuration",
      expect: "pass",
      facts: configured(without("nic1"), "ifupdown", ["auto bond0", "iface bond0 inet manual", "  bond-slaves nic0"]),
      subject: "bond/bond0",
    },
    {
      name: "no configuration that we know",
      expect: "pass",
      facts: configured(bondHost(), "ifupdown", ["auto lo", "iface lo inet loopback"]),
      subject: "bond/bond0",
    },
    {
      name: "a stanza that does not come up by itself",
      expect: "pass",
      facts: configured(without("nic1"), "ifupdown", [
        "auto nic0",
        "iface nic0 inet manual",
        "    bond-master bond0",
        "iface nic1 inet manual",
        "    bond-master bond0",
      ]),
      subject: "bond/bond0",
    },
    {
      name: "another manager's leftover: none of its members is there",
      expect: "pass",
      facts: configured(bondHost(), "networkd", ["[Match]", "Name=eno9", "[Network]", "Bond=bond0"]),
      subject: "bond/bond0",
    },
    {
      name: "a pattern names nobody",
      expect: "pass",
      facts: configured(bondHost(), "networkd", ["[Match]", "Name=en*", "[Network]", "Bond=bond0"]),
      subject: "bond/bond0",
    },
  ],
  unknown: [
    {
      name: "configuration not read",
      expect: "unknown",
      facts: unread(without("nic1"), "net-config"),
      subject: "bond/bond0",
    },
  ],
};

function without(member: string): Facts {
  return edit(setLink(bondHost(), member, { master: undefined, linkinfo: undefined }), "bond", (bonds) =>
    bonds.map((bond) => ({ ...bond, members: bond.members.filter((one) => one.ifname !== member) })),
  );
}

function configured(facts: Facts, kind: ConfigFile["kind"], lines: string[]): Facts {
  return { ...facts, ...factsOf({ "net-config": [{ path: `/etc/${kind}`, kind, lines }] }) };
}
