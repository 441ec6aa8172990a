import { describe, expect, it } from "vitest";
import { emptyDraft, emptyLogin, specOf } from "./draft";

describe("specOf", () => {
  it("makes a spec, with the key's last line end back in place", () => {
    const result = specOf({ ...emptyDraft, address: "kvm1.example.net", login: { ...emptyLogin, privateKey: "KEY" } });
    expect(result).toEqual({
      spec: {
        id: "kvm1",
        address: "kvm1.example.net",
        port: 22,
        user: "root",
        login: { kind: "key", privateKey: "KEY\n" },
        sudo: { kind: "auto" },
        jump: [],
      },
    });
  });

  it("names what is wrong by its path", () => {
    const hop = { key: 1, address: "", port: "x", user: "a", login: { ...emptyLogin, kind: "agent" as const } };
    const result = specOf({ ...emptyDraft, id: "a b", jump: [hop] });
    const paths = "errors" in result ? [...result.errors.keys()] : [];
    expect(paths).toEqual(
      expect.arrayContaining(["id", "address", "login.privateKey", "jump.0.address", "jump.0.port"]),
    );
  });
});
