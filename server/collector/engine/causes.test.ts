import { expect, it } from "vitest";
import { iptablesFilter, noRules, withRules } from "@/lib/checks/firewall/examples";
import { bondHost, factsOf } from "@/lib/checks/testing";
import type { HostInfo } from "@/lib/wire/model";
import { makeEngine } from ".";

const info: HostInfo = {
  id: "h",
  name: "h",
  address: "h",
  state: "live",
  since: 0,
  seenAt: null,
  demo: false,
};
const ping = (received: number) =>
  factsOf({
    "gateway-ping": [{ address: "10.20.0.1", dev: "br0", small: { sent: 4, received }, neighbour: "STALE" }],
  });
const at = (second: number) => 1_000_000 + second * 1000;

it("a gateway that seems silent because the host's own rules drop pings hangs under those rules", () => {
  const engine = makeEngine(info, "e", {});
  engine.read({ ...bondHost(), ...ping(4) }, [], at(0));
  const muted = withRules(
    bondHost(),
    noRules,
    iptablesFilter({ input: ["-A INPUT -p icmp -m icmp --icmp-type 8 -j DROP"] }),
  );
  engine.read({ ...muted, ...ping(0) }, [], at(20));
  const causeOf = () => engine.snapshot().findings.find(({ check }) => check === "gateway-unreachable")?.cause;
  expect(causeOf()).toBeUndefined();
  engine.read({ ...muted, ...ping(0) }, [], at(60));
  expect(causeOf()).toBe("firewall-drops-icmp@h/host/self");
});
