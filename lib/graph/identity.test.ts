import { describe, expect, it } from "vitest";
import { IdentityBook } from "./identity";

const book = (memory: ReturnType<IdentityBook["dump"]> | undefined, ...present: string[]) =>
  new IdentityBook(memory, new Set(present));

describe("ids that outlive names", () => {
  it("a TAP that was seen before its guest was known takes the guest's name once it is, and keeps it when the guest cannot be read", () => {
    const first = book(undefined, "tap:if:/9/vnet0");
    expect(first.claim("h/tap/", "vnet0", ["tap:if:/9/vnet0"])).toBe("h/tap/vnet0");
    const second = book(first.dump(), "tap:web-01");
    expect(second.claim("h/tap/", "web-01/mac", ["tap:web-01", "tap:if:/9/vnet0"])).toBe("h/tap/web-01/mac");
    const third = book(second.dump(), "tap:if:/9/vnet0");
    expect(third.claim("h/tap/", "vnet0", ["tap:if:/9/vnet0"])).toBe("h/tap/web-01/mac");
  });

  it("a renamed NIC keeps its id, and a new NIC under the old name gets another", () => {
    const first = book(undefined, "mac:a");
    expect(first.claim("h/nic/", "eth0", ["mac:a", "name:eth0"])).toBe("h/nic/eth0");
    const second = book(first.dump(), "mac:a", "mac:b");
    expect(second.claim("h/nic/", "lan0", ["mac:a", "name:lan0"])).toBe("h/nic/eth0");
    expect(second.claim("h/nic/", "eth0", ["mac:b", "name:eth0"])).toBe("h/nic/eth0~2");
  });
});
