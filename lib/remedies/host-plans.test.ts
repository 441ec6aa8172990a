import { describe, expect, it } from "vitest";
import { planned } from "./testing";

describe("remedies of the host", () => {
  it("load a module and take it out again", () => {
    expect(planned("vhost-net-missing", "the device is gone")).toEqual(["modprobe vhost_net", "modprobe -r vhost_net"]);
    expect(planned("kvm-unavailable", "module not loaded: guests of type kvm cannot start")).toEqual([
      "modprobe kvm_amd",
      "modprobe -r kvm_amd",
    ]);
  });

  it("refuse where a module would change nothing", () => {
    expect(planned("tun-missing", "the device node is gone")[0]).toMatch(/^refused: module tun is loaded already/);
    expect(planned("kvm-unavailable", "switched off in firmware, all guests emulated")[0]).toMatch(/firmware/);
    expect(planned("kvm-unavailable", "a guest of type qemu")[0]).toMatch(/^refused: web-01/);
  });

  it("raise a limit and put its old value back", () => {
    expect(planned("conntrack-full", "full")).toEqual([
      "sysctl -qw net.netfilter.nf_conntrack_max=131072",
      "sysctl -qw net.netfilter.nf_conntrack_max=65536",
    ]);
    expect(planned("neighbour-table-overflow", "neighbours are refused")).toEqual([
      "sysctl -qw net.ipv4.neigh.default.gc_thresh3=4096",
      "sysctl -qw net.ipv4.neigh.default.gc_thresh3=1024",
      "sysctl -qw net.ipv4.neigh.default.gc_thresh2=2048",
      "sysctl -qw net.ipv4.neigh.default.gc_thresh2=512",
    ]);
  });

  it("start units and guests, and stop them again", () => {
    expect(planned("services-failed", "dnsmasq failed")).toEqual([
      "systemctl restart dnsmasq.service",
      "systemctl stop dnsmasq.service",
    ]);
    expect(planned("domain-not-running", "storage full")[0]).toMatch(/ resume 5b000000-/);
    expect(planned("domain-not-running", "starts by itself, yet is off")[0]).toMatch(/ start 5b000000-/);
    expect(planned("domain-not-running", "kernel panic, kept for a look")[0]).toMatch(/^refused/);
  });

  it("take an interface from NetworkManager only where NetworkManager has it", () => {
    expect(planned("managers-conflict", "NetworkManager took a member of ifupdown's bond")[0]).toBe(
      "nmcli device set nic0 managed no",
    );
    expect(planned("managers-conflict", "ifupdown and systemd-networkd")[0]).toMatch(/^refused/);
  });
});

describe("remedies of filtering", () => {
  it("insert a rule that its undo names", () => {
    const [first, undo] = planned("firewall-drops-path", "a rule drops the whole network");
    expect(first).toBe("iptables -w 5 -I FORWARD 1 -i virbr0 -m comment --comment taproot -j ACCEPT");
    expect(undo).toBe("iptables -w 5 -D FORWARD -i virbr0 -m comment --comment taproot -j ACCEPT");
    expect(planned("firewall-drops-icmp", "the host drops echo requests")[0]).toContain("-I INPUT 1 -p icmp");
  });

  it("refuse where a rule of iptables would not help", () => {
    expect(planned("firewall-drops-icmp", "the host by nftables")[0]).toMatch(/^refused: the rule is in nft/);
    expect(planned("firewall-drops-path", "one guest by its address")[0]).toMatch(/^refused/);
  });

  it("free bridged frames by a rule, or by handing none over", () => {
    expect(planned("bridge-netfilter-drop", "Docker's policy", "bridged-off")).toEqual([
      "sysctl -qw net.bridge.bridge-nf-call-iptables=0",
      "sysctl -qw net.bridge.bridge-nf-call-iptables=1",
    ]);
    expect(planned("bridge-netfilter-drop", "Docker's policy", "bridged-allow")[0]).toContain("-i br0 -o br0");
  });

  it("add a MAC to a set, where there is one", () => {
    expect(planned("mac-allowlist", "not in the set that is asked for")).toEqual([
      "nft add element bridge guard macs { 52:54:00:5b:00:01 }",
      "nft delete element bridge guard macs { 52:54:00:5b:00:01 }",
    ]);
    expect(planned("mac-allowlist", "by iptables on bridged frames")[0]).toMatch(/^refused/);
  });
});
