import type { CheckExamples } from "../define";
import { type EthtoolNic, nicFacts } from "../nic-examples";
import { adminDown, noCarrier, setLink, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    { name: "dim, the link still up", expect: "warn", facts: lit("-19.20", "warning"), subject: "nic/nic0" },
    {
      name: "dark, and the link is gone",
      expect: "fail",
      facts: noCarrier(lit("-40.00", "alarm"), "nic0"),
      subject: "nic/nic0",
    },
    {
      name: "an empty cage in a bond: the driver says so",
      expect: "fail",
      facts: empty({ port: "None" }),
      subject: "nic/nic0",
    },
    {
      name: "an empty cage in a bond: its memory is not there",
      expect: "fail",
      facts: empty({ port: "FIBRE", error: "No such device" }),
      subject: "nic/nic0",
    },
    {
      name: "one lane of a QSFP",
      expect: "warn",
      facts: nicFacts({
        optics: [
          { name: "Rcvr signal avg optical power(Channel 3)", value: "0.0100 mW / -20.00 dBm" },
          { name: "Laser rx power low alarm   (Channel 3)", value: "On" },
        ],
      }),
      subject: "nic/nic0",
    },
  ],
  good: [
    { name: "enough light", expect: "pass", facts: lit("-2.40"), subject: "nic/nic0" },
    {
      name: "a copper module",
      expect: "not-applicable",
      facts: nicFacts({ optics: [{ name: "Identifier", value: "0x03 (SFP)" }] }),
      subject: "nic/nic0",
    },
    {
      name: "no transceiver",
      expect: "not-applicable",
      facts: nicFacts({}),
      subject: "nic/nic0",
    },
    {
      name: "a spare cage is empty",
      expect: "not-applicable",
      facts: setLink(empty({ port: "None" }), "nic0", { master: undefined }),
      subject: "nic/nic0",
    },
    {
      name: "a copper card whose cable is pulled: its memory was never there",
      expect: "not-applicable",
      facts: empty({ port: "Twisted Pair", error: "Input/output error" }),
      subject: "nic/nic0",
    },
    {
      name: "a virtio card without a cable",
      expect: "not-applicable",
      facts: empty({ port: "Other", error: "Operation not supported", driver: "virtio_net" }),
      subject: "nic/nic0",
    },
    {
      name: "a virtual function has no cage",
      expect: "not-applicable",
      facts: empty({ port: "None", driver: "iavf" }),
      subject: "nic/nic0",
    },
    {
      name: "memory that cannot be read, and the link is up",
      expect: "not-applicable",
      facts: nicFacts({ opticsError: "Input/output error" }),
      subject: "nic/nic0",
    },
    {
      name: "a spare port without a fibre",
      expect: "not-applicable",
      facts: setLink(noCarrier(lit("-40.00", "alarm"), "nic0"), "nic0", { master: undefined }),
      subject: "nic/nic0",
    },
    {
      name: "set down: its laser is off on purpose",
      expect: "not-applicable",
      facts: adminDown(lit("-40.00", "alarm"), "nic0"),
      subject: "nic/nic0",
    },
  ],
  unknown: [
    { name: "ethtool not read", expect: "unknown", facts: unread(lit("-2.40"), "ethtool"), subject: "nic/nic0" },
  ],
};

function empty(settings: { port?: string; error?: string; driver?: string }) {
  const { port, error, driver = "ixgbe" } = settings;
  const modes = { supportedModes: [], advertisedModes: [], partnerModes: [] };
  const told = { settings: { port, linkDetected: false, ...modes }, driver: { driver } };
  return noCarrier(nicFacts({ ...told, ...(error === undefined ? {} : { opticsError: error }) }), "nic0");
}

function lit(dbm: string, raised?: "alarm" | "warning") {
  const on = (level: string) => (raised === "alarm" || raised === level ? "On" : "Off");
  const optics: EthtoolNic["optics"] = [
    { name: "Identifier", value: "0x03 (SFP)" },
    { name: "Laser output power", value: "0.5720 mW / -2.43 dBm" },
    { name: "Receiver signal average optical power", value: `0.0120 mW / ${dbm} dBm` },
    { name: "Laser output power low alarm", value: "Off" },
    { name: "Laser rx power low alarm", value: on("alarm") },
    { name: "Laser rx power low warning", value: on("warning") },
    { name: "Laser rx power low alarm threshold", value: "0.0100 mW / -20.00 dBm" },
  ];
  return nicFacts({ optics });
}
