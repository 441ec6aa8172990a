import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { ParseError, type Probe } from "./define";
import { type FactOf, type ProbeId, probes } from "./registry";

const root = join(dirname(fileURLToPath(import.meta.url)), "recorded");
const bytes = (base: string, id: string) => new Uint8Array(readFileSync(join(root, base, `${id}.txt`)));
const read = <P extends ProbeId>(base: string, id: P): FactOf<P> =>
  (probes[id] as Probe).parse({ stdout: bytes(base, id), exit: 0 }) as FactOf<P>;

const bases = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

describe.each(bases)("recorded on %s", (base) => {
  const ids = readdirSync(join(root, base)).map((file) => file.replace(/\.txt$/, "") as ProbeId);

  it.each(ids)("%s fits its schema", (id) => {
    const fits = probes[id].fact.safeParse(read(base, id));
    expect(fits.error?.message).toBeUndefined();
  });

  it.each(ids)("%s is refused when it is cut", (id) => {
    const whole = bytes(base, id);
    const step = Math.max(1, Math.floor(whole.length / 60));
    for (let length = 0; length < whole.length - 1; length += step)
      expect(() => (probes[id] as Probe).parse({ stdout: whole.subarray(0, length), exit: 0 })).toThrow(ParseError);
  });
});

describe("the bonded hypervisor", () => {
  const base = "lab-bond";

  it("has its bond, ports and NICs", () => {
    expect(read(base, "bond")).toMatchObject([
      { ifname: "bond0", mode: "active-backup", members: [{ ifname: "nic0" }, { ifname: "nic1" }] },
    ]);
    expect(
      read(base, "bridge-link")
        .filter((port) => port.master === "br0")
        .map((port) => port.ifname),
    ).toEqual(["bond0", "vnet0", "vnet1"]);
    const nic0 = read(base, "sysfs-net").find((link) => link.ifname === "nic0");
    expect(nic0).toMatchObject({ slot: "0000:00:10.0", driver: "virtio_net", wireless: false });
    expect(read(base, "pci-net").flatMap((card) => card.interfaces)).toEqual(["mgmt0", "nic0", "nic1"]);
    expect(read(base, "lldp").map((heard) => [heard.ifname, heard.port.id])).toEqual([
      ["nic0", "swp1"],
      ["nic1", "swp2"],
    ]);
  });

  it("has two guests, and all that speak of them agree", () => {
    const domains = read(base, "libvirt-domains");
    expect(domains.map((domain) => [domain.name, domain.state, domain.interfaces[0]?.target])).toEqual([
      ["web-01", "running", "vnet0"],
      ["web-02", "running", "vnet1"],
    ]);
    expect(read(base, "libvirt-state").map((domain) => domain.uuid)).toEqual(domains.map((domain) => domain.uuid));
    expect(read(base, "qemu-proc").map((process) => [process.name, process.libvirt, process.nics[0]])).toMatchObject([
      ["web-01", true, { mac: "52:54:00:5b:00:01", ifname: "vnet0" }],
      ["web-02", true, { mac: "52:54:00:5b:00:02", ifname: "vnet1" }],
    ]);
    const learned = read(base, "bridge-fdb").filter((entry) => entry.state === "" && entry.ifname?.startsWith("vnet"));
    for (const entry of learned) expect(entry).toMatchObject({ master: "br0" });
    expect(read(base, "libvirt-networks")).toMatchObject([
      { name: "default", active: true, forward: { mode: "nat" }, leases: [] },
    ]);
  });

  it("has its services, settings and rules", () => {
    expect(read(base, "units").find((unit) => unit.id === "libvirtd.service")).toMatchObject({ activeState: "active" });
    expect(read(base, "sysctl").values["net.ipv4.ip_forward"]).toBe(1);
    const filter = read(base, "iptables")[0]?.tables.find((table) => table.name === "filter");
    expect(filter?.rules.some((rule) => rule.chain === "LIBVIRT_FWI")).toBe(true);
    expect(read(base, "nft").chains.some((chain) => chain.hook === "forward" && chain.family === "ip")).toBe(true);
    expect(read(base, "resources")).toMatchObject({ cpus: 2, softnet: [{ cpu: 0 }, { cpu: 1 }] });
    expect(read(base, "identity")).toMatchObject({ hostname: "kvm-01", machine: "x86_64", osId: "debian" });
  });
});

describe("the Open vSwitch hypervisor", () => {
  const base = "lab-ovs";

  it("has its bridge with a bond and two tagged guests", () => {
    const [bridge] = read(base, "ovs").bridges;
    const ports = new Map(bridge?.ports.map((port) => [port.name, port]));
    expect(bridge?.name).toBe("ovsbr0");
    const guests = read(base, "libvirt-domains").map((domain) => domain.interfaces[0]?.target ?? "");
    expect(guests.map((tap) => ports.get(tap)?.tag)).toEqual([10, 20]);
    expect([...ports.values()].some((port) => port.interfaces.length === 2)).toBe(true);
    expect(read(base, "libvirt-domains")[0]?.interfaces[0]).toMatchObject({
      virtualport: { type: "openvswitch" },
      vlan: { trunk: false, tags: [{ id: 10 }] },
    });
    expect(read(base, "ovs-flows")).toMatchObject([{ bridge: "ovsbr0" }]);
    expect(read(base, "lldp")[0]?.vlans.length).toBeGreaterThan(1);
  });

  it("names who serves DHCP, and what the network is meant to be", () => {
    expect(read(base, "sockets").find((socket) => socket.port === 67)).toMatchObject({
      ifname: "virbr0",
      processes: [{ name: "dnsmasq" }],
    });
    expect(read(base, "net-config").map((file) => file.kind)).toContain("ifupdown");
    expect(read(base, "libvirt-nwfilters").map((filter) => filter.name)).toContain("no-mac-spoofing");
    expect(read(base, "managers").networkd).toBeUndefined();
  });
});

describe("the hypervisor with a guest on macvtap", () => {
  const base = "lab-macvtap";

  it("has the macvtap on the host's own VLAN, and its guest's address from the agent", () => {
    const [, direct] = read(base, "libvirt-domains").find((domain) => domain.name === "web-02")?.interfaces ?? [];
    expect(direct).toMatchObject({ type: "direct", target: "macvtap0", source: { dev: "bond0.30", mode: "bridge" } });
    expect(read(base, "ip-link").find((link) => link.ifname === "macvtap0")).toMatchObject({
      link: "bond0.30",
      address: direct?.mac,
      linkinfo: { info_kind: "macvtap", info_data: { mode: "bridge" } },
    });
    const { addresses, agents } = read(base, "libvirt-ifaddr");
    expect(addresses.find((one) => one.mac === direct?.mac && one.family === "ipv4")).toMatchObject({
      source: "agent",
      ifname: "eth1",
      address: "10.20.130.12",
    });
    expect(agents.map((agent) => agent.reason)).toEqual(["no agent configured", undefined]);
    expect(read(base, "ip-neigh").find((one) => one.dst === "10.20.130.12")?.state).toEqual(["INCOMPLETE"]);
  });
});
