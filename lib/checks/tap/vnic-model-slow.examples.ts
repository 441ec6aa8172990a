import type { CheckExamples } from "../define";
import { bondHost, edit, unread } from "../testing";

export const examples: CheckExamples = {
  bad: (["e1000", "rtl8139", "pcnet"] as const).map((model) => ({
    name: model,
    expect: "warn" as const,
    facts: withModel(model),
    subject: "vnic/web-01/52:54:00:5b:00:01",
  })),
  good: [
    { name: "virtio", expect: "pass", facts: bondHost(), subject: "vnic/web-01/52:54:00:5b:00:01" },
    {
      name: "e1000e, as Windows without virtio drivers has it",
      expect: "pass",
      facts: withModel("e1000e"),
      subject: "vnic/web-01/52:54:00:5b:00:01",
    },
    {
      name: "nobody told the model",
      expect: "not-applicable",
      facts: withModel(undefined),
      subject: "vnic/web-01/52:54:00:5b:00:01",
    },
    {
      name: "a guest that is off",
      expect: "not-applicable",
      facts: edit(withModel("rtl8139"), "libvirt-state", (all) =>
        all.map((one) => ({ ...one, state: "shut off" as const, interfaces: [] })),
      ),
      subject: "vnic/web-01/52:54:00:5b:00:01",
    },
  ],
  unknown: [
    {
      name: "started since the definitions were read last",
      expect: "unknown",
      facts: edit(bondHost(), "libvirt-domains", () => []),
      subject: "vnic/web-01/net0",
    },
    {
      name: "libvirt did not answer",
      expect: "unknown",
      facts: unread(unread(bondHost(), "libvirt-domains"), "libvirt-state"),
      subject: "host/self",
    },
  ],
};

function withModel(model: string | undefined) {
  return edit(bondHost(), "libvirt-domains", ([first, ...rest]) =>
    first ? [{ ...first, interfaces: first.interfaces.map((nic) => ({ ...nic, model })) }, ...rest] : undefined,
  );
}
