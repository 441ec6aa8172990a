import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ConfigFile } from "../../probes/net-config";
import { configuredMembers } from "./configured-members";

const read = (kind: ConfigFile["kind"], ...lines: string[]) =>
  [...configuredMembers([{ path: "/etc/x", kind, lines }])].map(([bond, members]) => [bond, ...members]);

const ports = (kind: ConfigFile["kind"], ...lines: string[]) =>
  [...configuredMembers([{ path: "/etc/x", kind, lines }], "bridge")].map(([bridge, all]) => [bridge, ...all]);

describe("configuredMembers", () => {
  it("reads the ports of bridges as well, and takes none for the other", () => {
    expect(ports("ifupdown", "auto br0", "iface br0 inet static", "  bridge_ports a b", " bond-slaves c")).toEqual([
      ["br0", "a", "b"],
    ]);
    expect(ports("ifupdown", "auto br0", "iface br0 inet static", "  bridge-ports none")).toEqual([]);
    expect(ports("ifupdown", "auto br0", "iface br0 inet static", "  bridge_ports regex eth.*")).toEqual([]);
    expect(ports("ifupdown", "auto br0", "iface br0 inet static", "  bridge_ports a regex b c noregex d")).toEqual([
      ["br0", "a", "d"],
    ]);
    expect(ports("ifupdown", "auto br0", "iface br0 inet static", "  bridge-ports glob swp1-4 a")).toEqual([]);
    expect(ports("ifupdown", "auto br0", "iface br0 inet static", "  bridge_ports all")).toEqual([]);
    expect(ports("networkd", "[Match]", "Name=a", "[Network]", "Bridge=br0")).toEqual([["br0", "a"]]);
    expect(ports("networkd", "[Match]", "Name=a", "[Network]", "Bond=bond0")).toEqual([]);
    expect(ports("ifcfg", "DEVICE=a", "BRIDGE=br0", "ONBOOT=yes")).toEqual([["br0", "a"]]);
    expect(ports("networkmanager", "interface-name=a", "controller=br0", "port-type=bridge")).toEqual([["br0", "a"]]);
    expect(
      ports(
        "netplan",
        "  bonds:",
        "    bond0:",
        "      interfaces: [a]",
        "  bridges:",
        "    br0:",
        "      interfaces: [b]",
      ),
    ).toEqual([["br0", "b"]]);
  });

  it("reads each manager's own words", () => {
    expect(read("ifupdown", "auto a b", "iface a inet manual", " bond-master bond0", "iface b inet manual")).toEqual([
      ["bond0", "a"],
    ]);
    expect(read("ifupdown", "auto bond0", "iface bond0 inet manual", "  bond_slaves none")).toEqual([]);
    expect(read("networkd", "[Match]", "Name=a b", "[Network]", "Bond=bond0")).toEqual([["bond0", "a", "b"]]);
    expect(read("networkd", "[Match]", "Name=en*", "[Network]", "Bond=bond0")).toEqual([]);
    expect(read("ifcfg", 'DEVICE="a"', "MASTER=bond0", "SLAVE=yes", "ONBOOT=yes")).toEqual([["bond0", "a"]]);
    expect(read("ifcfg", "DEVICE=a", "MASTER=bond0", "SLAVE=yes", "ONBOOT=no")).toEqual([]);
    expect(read("networkmanager", "interface-name=a", "controller=bond0", "port-type=bond")).toEqual([["bond0", "a"]]);
    expect(read("networkmanager", "interface-name=a", "master=br0", "slave-type=bridge")).toEqual([]);
    expect(
      read(
        "netplan",
        "  bonds:",
        "    bond0:",
        "      interfaces: [a, b]",
        "    bond1:",
        "      interfaces:",
        "      - c",
      ),
    ).toEqual([
      ["bond0", "a", "b"],
      ["bond1", "c"],
    ]);
    expect(read("netplan", "  bridges:", "    br0:", "      interfaces: [a]")).toEqual([]);
  });

  it("takes any text without failing, and gives no name that is none", () => {
    const kinds = fc.constantFrom<ConfigFile["kind"]>("ifupdown", "networkd", "netplan", "ifcfg", "networkmanager");
    fc.assert(
      fc.property(kinds, fc.array(fc.string()), (kind, lines) => {
        for (const members of configuredMembers([{ path: "/x", kind, lines }]).values())
          for (const member of members) expect(member).toMatch(/^[^\s*?[\]!/]{1,15}$/);
      }),
    );
  });
});
