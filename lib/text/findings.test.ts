import { describe, expect, it } from "vitest";
import type { Finding } from "../checks/finding";
import { Unread } from "../facts/read";
import { becauseOf, findingsOn, messageOf } from "./findings";

const finding = (key: string, over: Partial<Finding> = {}): Finding => ({
  key,
  check: key.split("@")[0] ?? key,
  layer: "physical",
  status: "fail",
  host: "h",
  subject: key.split("@")[1] ?? key,
  message: key,
  params: {},
  evidence: [],
  breaks: [],
  cuts: true,
  alsoOn: [],
  since: 1,
  impacts: [],
  ...over,
});

describe("findingsOn", () => {
  it("finds its own, the shared and those that cut it", () => {
    const all = [finding("a@x"), finding("b@y", { breaks: ["x"] }), finding("c@z", { alsoOn: ["x"] }), finding("d@w")];
    expect(findingsOn(all, "x").map((f) => f.key)).toEqual(["a@x", "b@y", "c@z"]);
  });
});

describe("becauseOf", () => {
  it("is in the reader's language, and nothing where it was judged", () => {
    const because = new Unread("nft", "refused", "a password is required").because;
    expect(becauseOf({ because }, "en")).toBe("nft: refused (a password is required)");
    expect(becauseOf({ because }, "zh")).toBe("nft：被拒绝（a password is required）");
    expect(becauseOf({ because: new Unread("nft", "not-yet").because }, "zh")).toBe("nft：尚未读取");
    expect(becauseOf({}, "zh")).toBeUndefined();
  });

  it("shows reasons that were kept before they had languages", () => {
    expect(becauseOf({ because: "nft: refused" }, "zh")).toBe("nft: refused");
  });
});

describe("messageOf", () => {
  it("falls back to the English sentence for a check it does not know", () => {
    expect(messageOf(finding("made-up@x", { message: "It is so" }), "zh")).toBe("It is so");
  });

  it("fills each language with its own words, and names as they are", () => {
    const params = {
      port: "bond1",
      bridge: "ovsbr0",
      bad: { en: "nic1 no link", zh: "nic1 无链路" },
      up: 1,
      members: 2,
    };
    const found = finding("ovs-bond-degraded@x", { params });
    expect(messageOf(found, "zh")).toBe("ovsbr0 的绑定 bond1：nic1 无链路（2 个成员中 1 个正常）");
  });

  it("shows problems that were kept before words had languages", () => {
    const params = { port: "bond1", bridge: "ovsbr0", bad: "nic1 no link", up: 1, members: 2 };
    expect(messageOf(finding("ovs-bond-degraded@x", { params }), "zh")).toContain("nic1 no link");
  });

  it("says in the reader's language that something could not be judged", () => {
    const open = finding("ovs-bond-degraded@x", {
      status: "unknown",
      message: "Open vSwitch bond is degraded: unknown",
    });
    expect(messageOf(open, "zh")).toBe("Open vSwitch 绑定降级：无法判断");
    expect(messageOf(open, "en")).toBe("Open vSwitch bond is degraded: unknown");
  });
});
