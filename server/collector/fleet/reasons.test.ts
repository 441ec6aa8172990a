import { describe, expect, it } from "vitest";
import { reasonWording } from "@/lib/text/reasons";
import { degradedBecause } from "./health";

describe("reasons for the state of a host", () => {
  it("says in Chinese what is the collector's own, and quotes the rest", () => {
    const reason = degradedBecause(
      [{ id: "nft", outcome: "cut", ms: 1, bytes: 1, at: 1, detail: "the host said more than 5 bytes in one sweep" }],
      new Map([
        ["ip-monitor", { state: "storm", reason: "more than 1000 lines a second" }],
        ["kernel-log", { state: "ended", reason: "exit status 1" }],
      ]),
    );
    const { en, zh } = reasonWording(reason ?? "");
    expect(en).toBe(
      "event storm, sweeps only until it ends: ip-monitor (more than 1000 lines a second); not read: nft (cut: the host said more than 5 bytes in one sweep); events not followed, sweeps only: kernel-log (exit status 1)",
    );
    expect(zh).toMatch(/^事件风暴.*ip-monitor.*未读取：nft.*未跟踪/);
    expect(reasonWording("internal fault, a sweep: boom").zh).toBe("本程序的故障，a sweep: boom");
    expect(reasonWording("kvm1 ended the connection").zh).toBe("kvm1 ended the connection");
  });
});
