import type { CheckExamples } from "../define";
import { addLinks, bondHost, edit, enslaved, factsOf, plainHost, tap, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    { name: "left on the bridge", expect: "warn", facts: withLeftover(), subject: "tap/tap7" },
    {
      name: "left on a host without libvirt",
      expect: "warn",
      facts: unread(unread(withLeftover(), "libvirt-domains", "absent", ""), "libvirt-state", "absent", ""),
      subject: "tap/tap7",
    },
  ],
  good: [
    {
      name: "a running guest's",
      expect: "pass",
      facts: bondHost(),
      subject: "tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "a TAP of a VPN that is not running, on no bridge",
      expect: "not-applicable",
      facts: addLinks(
        plainHost(),
        tap(20, "tap0", "52:54:00:00:00:20", {
          flags: ["NO-CARRIER", "BROADCAST", "MULTICAST", "UP"],
          operstate: "DOWN",
        }),
      ),
      subject: "tap/tap0",
    },
    {
      name: "made by ifupdown for a guest that is off",
      expect: "not-applicable",
      facts: {
        ...withLeftover(),
        ...factsOf({
          "net-config": [
            { path: "/etc/network/interfaces", kind: "ifupdown", lines: ["auto tap7", "iface tap7 inet manual"] },
          ],
        }),
      },
      subject: "tap/tap7",
    },
    {
      name: "named by a guest that is off",
      expect: "not-applicable",
      facts: edit(withLeftover(), "libvirt-domains", (domains) =>
        domains.map((domain, at) =>
          at > 0
            ? domain
            : { ...domain, interfaces: domain.interfaces.map((nic) => ({ ...nic, target: "tap7", mac: undefined })) },
        ),
      ),
      subject: "tap/tap7",
    },
    {
      name: "held by a process that switched its carrier off",
      expect: "not-applicable",
      facts: {
        ...withLeftover(),
        ...factsOf({
          "qemu-proc": [
            {
              pid: 900,
              emulator: "qemu-system-x86_64",
              name: "x",
              libvirt: false,
              nics: [],
              taps: [{ fd: 9, ifname: "tap7" }],
            },
          ],
        }),
      },
      subject: "tap/tap7",
    },
  ],
  unknown: [
    {
      name: "libvirt did not answer: it may belong to a guest",
      expect: "unknown",
      facts: unread(withLeftover(), "libvirt-domains"),
      subject: "tap/tap7",
    },
  ],
};

function withLeftover() {
  return addLinks(
    bondHost(),
    enslaved(
      tap(30, "tap7", "52:54:00:00:00:30", {
        flags: ["NO-CARRIER", "BROADCAST", "MULTICAST", "UP"],
        operstate: "DOWN",
      }),
      "br0",
    ),
  );
}
