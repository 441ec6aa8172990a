import { describe, expect, it } from "vitest";
import { planned } from "./testing";

describe("remedies of bridges", () => {
  it("put a port's flag or state back, and refuse where spanning tree decides", () => {
    expect(planned("bridge-port-blocked", "a guest's TAP is blocked")).toEqual([
      "bridge link set dev vnet0 state 3",
      "bridge link set dev vnet0 state 4",
    ]);
    expect(planned("bridge-port-blocked", "BPDU guard disabled the TAP")[0]).toMatch(/^refused: spanning tree/);
    expect(planned("bridge-port-flags", "the uplink is isolated, and a guest too")).toEqual([
      "bridge link set dev bond0 isolated off",
      "bridge link set dev bond0 isolated on",
    ]);
    expect(planned("bridge-port-flags", "no broadcast to the guest")).toEqual([
      "bridge link set dev vnet0 bcast_flood on",
      "bridge link set dev vnet0 bcast_flood off",
    ]);
  });

  it("cut a loop inside the host, and never the way to the wire", () => {
    expect(planned("bridge-loop", "both ends of a veth pair on one bridge")).toEqual([
      "ip link set dev la nomaster",
      "ip link set dev la master br0",
    ]);
    expect(planned("bridge-loop", "own frames come back, and the guests' too")[0]).toMatch(/^refused: bond0/);
  });

  it("change one setting of the bridge and put it back", () => {
    expect(planned("bridge-stp-delay", "STP with the kernel's default delay")).toEqual([
      "ip link set dev br0 type bridge forward_delay 200",
      "ip link set dev br0 type bridge forward_delay 1500",
    ]);
    expect(planned("multicast-no-querier", "a guest's port gets no flooded multicast")).toEqual([
      "ip link set dev br0 type bridge mcast_querier 1",
      "ip link set dev br0 type bridge mcast_querier 0",
    ]);
    expect(planned("bridge-mac-unstable", "a TAP with a low address took over")).toEqual([
      "ip link set dev br0 address 52:54:00:4c:00:10",
      "ip link set dev br0 address 02:00:00:00:00:01",
    ]);
  });

  it("add the VLAN where it is missing", () => {
    expect(planned("bridge-vlan-missing", "the uplink lost VLAN 10")).toEqual([
      "bridge vlan add dev bond0 vid 10",
      "bridge vlan del dev bond0 vid 10",
    ]);
    expect(planned("bridge-vlan-missing", "the XML says VLAN 10, the port has 20")).toEqual([
      "bridge vlan add dev vnet0 vid 10 untagged",
      "bridge vlan del dev vnet0 vid 10",
      "bridge vlan add dev vnet0 vid 10 pvid untagged",
      "bridge vlan add dev vnet0 vid 20 pvid untagged",
      "bridge vlan del dev vnet0 vid 20",
      "bridge vlan add dev vnet0 vid 20 untagged",
    ]);
    expect(planned("bridge-vlan-missing", "comes in untagged, goes out tagged")).toEqual([
      "bridge vlan add dev vnet0 vid 10 pvid untagged",
      "bridge vlan add dev vnet0 vid 10 pvid",
    ]);
  });

  it("delete a wrong entry, and give a bridge its ageing back", () => {
    expect(planned("fdb-static-wrong", "a static entry names another guest's TAP")).toEqual([
      "bridge fdb del 52:54:00:5b:00:01 dev vnet1 master",
      "bridge fdb add 52:54:00:5b:00:01 dev vnet1 master static",
    ]);
    expect(planned("fdb-static-wrong", "ageing 0 with three ports")).toEqual([
      "ip link set dev br0 type bridge ageing_time 30000",
      "ip link set dev br0 type bridge ageing_time 0",
    ]);
  });
});

describe("remedies of bonds, VLANs and tunnels", () => {
  it("watch the links, align the MTU, put the member back", () => {
    expect(planned("bond-unmonitored", "miimon 0")).toEqual([
      "ip link set dev bond0 type bond miimon 100",
      "ip link set dev bond0 type bond miimon 0",
    ]);
    expect(planned("bond-members-differ", "one member narrower")).toEqual([
      "ip link set dev nic1 mtu 1500",
      "ip link set dev nic1 mtu 1400",
    ]);
    expect(planned("bond-members-differ", "half duplex")[0]).toMatch(/^refused: this is not about the MTU/);
    expect(planned("bond-member-missing", "nic1 is configured and not there")).toEqual([
      "ip link set dev nic1 down",
      "ip link set dev nic1 up",
      "ip link set dev nic1 master bond0",
      "ip link set dev nic1 nomaster",
    ]);
    expect(planned("vxlan-underlay", "1500 over 1500")).toEqual([
      "ip link set dev vxlan100 mtu 1450",
      "ip link set dev vxlan100 mtu 1500",
    ]);
  });

  it("set the one up that is down: the parent, or the VLAN itself", () => {
    expect(planned("vlan-parent-down", "the parent is set down")[0]).toBe("ip link set dev bond0 up");
    expect(planned("vlan-parent-down", "the VLAN itself is set down")[0]).toBe("ip link set dev bond0.30 up");
  });
});
