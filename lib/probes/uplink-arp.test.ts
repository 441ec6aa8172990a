import fc from "fast-check";
import { expect, it } from "vitest";
import { bytesOf, printItem } from "./items";
import { probe } from "./uplink-arp";

const parse = (text: string) => probe.parse({ stdout: bytesOf(printItem("uplinks", text)), exit: 0 });
const ask =
  "52:54:00:5b:00:01 > ff:ff:ff:ff:ff:ff, ethertype ARP (0x0806), length 42: Request who-has 10.20.0.1 tell 10.20.0.11, length 28";

it("counts one guest's requests together, and takes both ways of tcpdump to write a broadcast", () => {
  const [uplink] = parse(`@ bond0\n${ask}\n${ask}\n${ask.replace("ff:ff:ff:ff:ff:ff", "Broadcast")}\n#end`);
  expect(uplink?.asks).toEqual([{ mac: "52:54:00:5b:00:01", sender: "10.20.0.11", target: "10.20.0.1", times: 3 }]);
});

it("asked at one known MAC, a neighbour is asked all the same", () => {
  const unicast = ask
    .replace("ff:ff:ff:ff:ff:ff", "52:54:00:4c:ff:01")
    .replace("10.20.0.1 tell", "10.20.0.1 (52:54:00:4c:ff:01) tell");
  expect(parse(`@ bond0\n${unicast}\n#end`)[0]?.asks).toHaveLength(1);
});

it("passes over what else is on the wire, whatever it is", () => {
  const noise = fc
    .string({ maxLength: 120 })
    .map((text) => text.replace(/[\n\r@#!]/g, "?").replace(/[^\x20-\x7e]/g, "?"));
  fc.assert(
    fc.property(fc.array(noise, { maxLength: 8 }), (lines) => {
      const [uplink] = parse(["@ bond0", ...lines, ask, "#end"].join("\n"));
      expect(uplink?.asks.filter((one) => one.mac === "52:54:00:5b:00:01")).toHaveLength(1);
      expect(uplink?.heard).toBe(true);
    }),
  );
});

it("an address of a hostile kind is none", () => {
  for (const target of ["10.20.0.1;reboot", "$(id)", "fe80::1", "1.2.3"])
    expect(parse(`@ bond0\n${ask.replace("10.20.0.1 tell", `${target} tell`)}\n#end`)[0]?.asks).toEqual([]);
});
