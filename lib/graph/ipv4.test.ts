import { describe, expect, it } from "vitest";
import { holds, ipv4Number, overlap, type Subnet, subnetNamed, subnetOf, subnetText } from "./ipv4";

const net = (text: string): Subnet => {
  const found = subnetNamed(text);
  if (!found) throw new Error(text);
  return found;
};

describe("IPv4 subnets", () => {
  it("reads addresses and refuses what is none", () => {
    expect(ipv4Number("10.20.0.1")).toBe(0x0a140001);
    expect(ipv4Number("255.255.255.255")).toBe(0xffffffff);
    for (const text of ["", "10.20.0", "10.20.0.256", "fe80::1", "10.20.0.1/24"])
      expect(ipv4Number(text)).toBeUndefined();
    expect(subnetOf("10.0.0.1", 33)).toBeUndefined();
  });

  it("knows what lies in a subnet and which overlap", () => {
    expect(holds(net("10.20.0.0/24"), "10.20.0.255")).toBe(true);
    expect(holds(net("10.20.0.0/24"), "10.20.1.0")).toBe(false);
    expect(holds(net("0.0.0.0/0"), "203.0.113.1")).toBe(true);
    expect(overlap(net("10.20.0.0/16"), net("10.20.3.0/24"))).toBe(true);
    expect(overlap(net("10.20.2.0/24"), net("10.20.3.0/24"))).toBe(false);
    expect(subnetText(net("192.168.122.77/24"))).toBe("192.168.122.0/24");
  });
});
