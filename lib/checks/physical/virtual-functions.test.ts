import { expect, it } from "vitest";
import { passes } from "../../graph/passes/registry";
import { fill } from "../../wording";
import { bridgedHost, ownMac } from "../function-examples";
import { runExample } from "../run-example";
import { check } from "./vf-misconfigured";

it("a function that nobody gave a MAC lets that of its own interface out, and says so", () => {
  const example = { name: "", expect: "fail", subject: "nic/mgmt0" } as const;
  const { outcome } = runExample(check, { ...example, facts: bridgedHost({ address: "00:00:00:00:00:00" }) }, passes);
  const said = outcome.kind === "finding" ? fill({ en: "{wrong}", zh: "{wrong}" }, "en", outcome.finding.params) : "";
  expect(said).toBe(`its spoof check lets only ${ownMac} out, and they leave by enp3s16f1`);
});
