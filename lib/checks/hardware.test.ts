import { describe, expect, it } from "vitest";
import type { Facts } from "../facts/facts";
import { passes } from "../graph/passes/registry";
import { probe as ethtool } from "../probes/ethtool";
import { probe as ipLink } from "../probes/ip-link";
import { bytesOf, printItem } from "../probes/items";
import { probe as pciNet } from "../probes/pci-net";
import { fill } from "../wording";
import { twoSamples } from "./nic-examples";
import { check as nicErrorsRising } from "./physical/nic-errors-rising";
import { check as nicRingOverrun } from "./physical/nic-ring-overrun";
import { check as opticPowerLow } from "./physical/optic-power-low";
import { check as vfMisconfigured } from "./physical/vf-misconfigured";
import { runExample } from "./run-example";
import { bondHost, edit, factsOf, setLink } from "./testing";

/** Faults of hardware that no lab has: outputs in the format of the tools, through the real parsers, to the verdict. */
const captures = import.meta.glob<string>("../../e2e/captures/hardware/*", {
  query: "?raw",
  import: "default",
  eager: true,
});

function capture(name: string): string {
  const text = captures[`../../e2e/captures/hardware/${name}`];
  if (text === undefined) throw new Error(`there is no capture ${name}`);
  return text;
}

function nic0(): Facts {
  const stdout =
    printItem("settings:nic0", "Settings for nic0:\n\tSpeed: 10000Mb/s\n\tDuplex: Full\n\tLink detected: yes\n") +
    printItem("driver:nic0", "driver: igb\n") +
    printItem("features:nic0", "Features for nic0:\nlarge-receive-offload: off [fixed]\n") +
    printItem("ring:nic0", capture("ethtool-6.1-g-igb.txt")) +
    printItem("statistics:nic0", capture("ethtool-6.1-S-igb-crc.txt")) +
    printItem("optics", `@nic0\n${capture("ethtool-6.1-m-sfp-low.txt")}`);
  return { ...bondHost(), ...factsOf({ ethtool: ethtool.parse({ stdout: bytesOf(stdout), exit: 0 }) }) };
}

describe("captures of hardware", () => {
  it("CRC errors are a bad cable", () => {
    const example = { name: "", expect: "warn" as const, facts: nic0(), subject: "nic/nic0" };
    const run = runExample(nicErrorsRising, { ...example, samples: { errors: twoSamples(4800, 5120) } }, passes);
    expect(run.verdict).toBe("warn");
    expect(run.outcome.kind === "finding" && run.outcome.finding.params.names).toBe("rx_crc_errors");
  });

  it("missed frames are a small ring", () => {
    const example = { name: "", expect: "warn" as const, facts: nic0(), subject: "nic/nic0" };
    const run = runExample(nicRingOverrun, { ...example, samples: { missed: twoSamples(100, 9506) } }, passes);
    expect(run.verdict).toBe("warn");
    expect(run.outcome.kind === "finding" && run.outcome.finding.params.maximum).toBe(4096);
  });

  it("an SFP's flags are too little light", () => {
    const run = runExample(opticPowerLow, { name: "", expect: "warn", facts: nic0(), subject: "nic/nic0" }, passes);
    expect(run.verdict).toBe("warn");
    expect(run.outcome.kind === "finding" && run.outcome.finding.params.flags).toBe(
      "Laser rx power low alarm, Laser rx power low warning",
    );
  });

  it("a virtual function held down is its guest's silence", () => {
    const [physical] = ipLink.parse({ stdout: bytesOf(capture("iproute2-6.1-ip-d-s-j-link-vf.json")), exit: 0 });
    const facts = edit(
      setLink(bondHost(), "mgmt0", { vfinfo_list: physical?.vfinfo_list }),
      "libvirt-domains",
      (domains) =>
        domains.map((domain) => ({
          ...domain,
          interfaces: domain.interfaces.map((nic) => ({ ...nic, type: "hostdev", target: undefined, source: {} })),
        })),
    );
    const run = runExample(vfMisconfigured, { name: "", expect: "fail", facts, subject: "nic/mgmt0" }, passes);
    expect(run.verdict).toBe("fail");
    expect(run.outcome.kind === "finding" && run.outcome.finding.params.vm).toBe("web-01");
  });

  const pci = () => factsOf({ "pci-net": pciNet.parse({ stdout: bytesOf(capture("pci-net-i350-vf.txt")), exit: 0 }) });

  /** The card's first function belongs to web-01 by its slot, the second to web-02 by its MAC. */
  function functions(guests: readonly string[]): Facts {
    const text = capture("iproute2-6.1-ip-d-s-j-link-vf-others.json");
    const [physical] = ipLink.parse({ stdout: bytesOf(text), exit: 0 });
    const linked = setLink(bondHost(), "mgmt0", { vfinfo_list: physical?.vfinfo_list });
    const facts = edit(linked, "libvirt-domains", (domains) =>
      domains
        .filter(({ name }) => guests.includes(name))
        .map((domain) => ({
          ...domain,
          interfaces: domain.interfaces.map((nic) => ({
            ...nic,
            type: "hostdev",
            target: undefined,
            source: domain.name === "web-01" ? { pci: "0000:04:10.0" } : {},
            vlan: { trunk: false, tags: [{ id: domain.name === "web-01" ? 20 : 10 }] },
          })),
        })),
    );
    return { ...facts, ...pci() };
  }
  const judged = (facts: Facts, expect: "fail" | "warn", subject: string) => {
    const { verdict, outcome } = runExample(vfMisconfigured, { name: "", expect, facts, subject }, passes);
    return [
      verdict,
      outcome.kind === "finding" ? fill({ en: "{wrong}", zh: "{wrong}" }, "en", outcome.finding.params) : "",
    ];
  };

  it("a virtual function checks for another MAC than its guest's", () => {
    expect(judged(functions(["web-01", "web-02"]), "fail", "nic/mgmt0")).toEqual([
      "fail",
      "its spoof check lets only 52:54:00:5b:00:99 out, and the definition says 52:54:00:5b:00:01",
    ]);
  });

  it("a virtual function sits in another VLAN than its guest's", () => {
    expect(judged(functions(["web-02"]), "warn", "nic/mgmt0")).toEqual([
      "warn",
      "VLAN 20 where the definition says 10",
    ]);
  });

  it("a port on vfio-pci is missed by the bond of the boot configuration", () => {
    const lines = ["auto bond0", "iface bond0 inet manual", "  bond-slaves nic0 enp3s0f1"];
    const config = factsOf({ "net-config": [{ path: "/etc/network/interfaces", kind: "ifupdown", lines }] });
    expect(judged({ ...bondHost(), ...pci(), ...config }, "warn", "host/self")).toEqual([
      "warn",
      "handed to vfio-pci, and /etc/network/interfaces has it in bond0",
    ]);
  });
});
