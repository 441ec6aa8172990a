import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HostSpec } from "@/lib/wire/rest";
import { parseInventory } from "./inventory";
import { parseJump, parseTarget, showTarget, typedId, UsageError } from "./targets";
import { visible, visibleLines } from "./visible";

describe("parseTarget", () => {
  it.each([
    ["kvm1", { host: "kvm1" }],
    ["root@kvm1", { host: "kvm1", user: "root" }],
    ["root@kvm1:2222", { host: "kvm1", user: "root", port: 2222 }],
    ["[::1]:22", { host: "::1", port: 22 }],
    ["noc@[2001:db8::1]", { host: "2001:db8::1", user: "noc" }],
    ["::1", { host: "::1" }],
    ["fe80::1%eth0", { host: "fe80::1%eth0" }],
    ["me@corp@kvm1", { host: "kvm1", user: "me@corp" }],
  ])("reads %s", (text, target) => expect(parseTarget(text)).toEqual(target));

  it.each([
    "",
    "@h",
    "h:",
    "h:0",
    "h:65536",
    "h:22x",
    "[::1",
    "[x]:22",
    "[::1]22",
    "-oProxyCommand=x",
    "a b",
    "a\x1bb",
    "1:2:3",
  ])("refuses %j and names it", (text) => {
    expect(() => parseTarget(text)).toThrow(UsageError);
    expect(() => parseTarget(text)).toThrow(`"${text}"`);
  });

  it("shows what it reads", () => {
    for (const text of ["kvm1", "root@kvm1:2222", "[::1]:22"]) expect(showTarget(parseTarget(text))).toBe(text);
  });

  it("reads jump lists in order", () => {
    expect(parseJump("a@b:2, c")).toEqual([{ user: "a", host: "b", port: 2 }, { host: "c" }]);
  });
});

it("makes ids that the wire takes, whatever the address", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(HostSpec.shape.id.safeParse(typedId(text)).success).toBe(true);
    }),
  );
});

describe("parseInventory", () => {
  it("reads lines", () => {
    expect(
      parseInventory("# all\n\nroot@kvm1:2222 name=web jump=gate # tail\r\n[::1]:22 identity=~/.ssh/x\n", "f"),
    ).toEqual([
      { target: { host: "kvm1", user: "root", port: 2222 }, name: "web", jump: [{ host: "gate" }], from: "f:3" },
      { target: { host: "::1", port: 22 }, identity: "~/.ssh/x", from: "f:4" },
    ]);
  });

  it("reads JSON", () => {
    const [entry] = parseInventory('[{"address":"kvm1","id":"a","login":{"kind":"agent"}}]', "f");
    expect(entry).toMatchObject({ target: { host: "kvm1" }, name: "a", given: { login: { kind: "agent" } } });
  });

  it.each([
    ["ok\nbad:port\n", "f:2: "],
    ["[web]\nkvm1\n", "group of an Ansible inventory"],
    ["kvm1 nmae=x", 'f:1: "nmae" is not known'],
    ["kvm1 name=a/b", "f:1: name=a/b"],
    ["a name=x\nb name=x", 'f:2: the name "x" is taken by f:1'],
    ["# nothing\n", "f: no host"],
    ['[{"address":"a"},\n{"address":]', "f:2: not JSON"],
    ['[{"address":"a","port":99999}]', "f: entry 0.port"],
    ["kvm1 name=", "f:1: name= is empty"],
  ])("refuses %j", (text, message) => expect(() => parseInventory(text, "f")).toThrow(message));
});

describe("visible", () => {
  it("lets no control character through", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(visible(text)).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b-\u200f]/);
      }),
    );
  });
  it("shows what it took out", () => {
    expect(visible("a\x1b[31mb\u202ec\r\n")).toBe("a\\x1b[31mb\\u202ec\\r\\n");
    expect(visible("网络 é 😀")).toBe("网络 é 😀");
    expect(visibleLines("a\tb\n\x07\n")).toEqual(["a  b", "\\x07"]);
  });
});
