import { describe, expect, it } from "vitest";
import {
  attributesOfNode,
  describedIn,
  inKindOrder,
  onOneLine,
  printed,
  type Words,
  wordOfAttribute,
} from "./attributes";

const words: Words = { yes: "yes", no: "no", say: ({ en }) => en };
const bridge = attributesOfNode({ kind: "bridge" });
const line = (name: string, value: Parameters<typeof onOneLine>[1]) => {
  const described = describedIn(bridge, name);
  return `${wordOfAttribute(described, name).en} ${onOneLine(described, value, words)}`;
};

describe("attributes in words", () => {
  it("have the word, the unit and the form that their kind says", () => {
    expect(line("ageing", 30_000)).toBe("Ageing time 300 s");
    expect(line("forwardDelay", 1500)).toBe("Forward delay 15 s");
    expect(line("mtu", 1500)).toBe("MTU 1500");
    expect(line("stp", 1)).toBe("STP yes");
    expect(line("stp", false)).toBe("STP no");
    expect(line("speed", 1000)).toBe("Speed 1000 Mbit/s");
    expect(line("addresses", ["192.0.2.1/24", "2001:db8::1/64"])).toBe("Addresses 192.0.2.1/24, 2001:db8::1/64");
    expect(line("carrier", null)).toBe("Carrier -");
    expect(wordOfAttribute(describedIn(bridge, "ageing"), "ageing").zh).toBe("老化时间");
  });
  it("print what does not fit the form as it is", () => {
    expect(line("ageing", "soon")).toBe("Ageing time soon");
    expect(line("vlanFiltering", 2)).toBe("VLAN filtering 2");
    expect(line("stp", 2)).toBe("STP yes, in user space");
    expect(printed(undefined, "__proto__", words)).toEqual({ text: "__proto__", isWord: false });
  });
  it("keep the model's name where the kind knows none", () => {
    expect(line("someThing", { a: 1 })).toBe('some thing {"a":1}');
    expect(describedIn(bridge, "__proto__")).toBeUndefined();
    expect(describedIn(bridge, "constructor")).toBeUndefined();
  });
  it("stand in the order of their kind", () => {
    const values = { zeta: 1, ageing: 30_000, mtu: 1500, alpha: 2 };
    expect(inKindOrder(bridge, values).map(([name]) => name)).toEqual(["mtu", "ageing", "alpha", "zeta"]);
  });
});
