import { z } from "zod";
import { defineProbe, ParseError } from "./define";
import { hostText } from "./items";

/** An owner, on another host, of a MAC that this host's guests own or that was heard to answer here. */
export const DuplicateOwner = z.object({
  mac: z.string(),
  host: z.string(),
  /** The guest; missing where an interface of that host itself has the MAC. */
  vm: z.string().optional(),
  /** One guest that is seen on two hosts is on its way between them. */
  uuid: z.string().optional(),
  /** All MACs of that host and its running guests: whoever hears one of them shares a segment with it. */
  near: z.array(z.string()),
});
export type DuplicateOwner = z.infer<typeof DuplicateOwner>;

/**
 * Who else in the fleet owns MACs that matter here. No host can be asked for it: the collector holds the summaries of
 * the hosts that are connected against each other (lib/fleet/passes).
 */
export const probe = defineProbe({
  id: "duplicate-owners",
  title: { en: "Owners of the same MACs on other hosts", zh: "其他主机上相同 MAC 的所有者" },
  tier: "slow",
  reads: "fleet",
  command: "virsh domiflist GUEST",
  script: "exit 127 # told by the collector: duplicate-owners",
  privilege: "none",
  timeoutMs: 1_000,
  maxBytes: 65_536,
  fact: z.array(DuplicateOwner),
  parse: (raw) => {
    try {
      return z.array(DuplicateOwner).parse(JSON.parse(hostText(raw.stdout)));
    } catch (error) {
      throw new ParseError(`duplicate-owners: ${error instanceof Error ? error.message : String(error)}`);
    }
  },
  sources: ["https://libvirt.org/formatdomain.html#mac-address"],
  examples: [
    {
      name: "a guest of another host",
      stdout:
        '[{"mac":"52:54:00:5b:00:01","host":"kvm-02","vm":"web-03","uuid":"5b000000-0000-4000-8000-000000000003","near":["52:54:00:4c:00:20"]}]\n',
      expect: [
        {
          mac: "52:54:00:5b:00:01",
          host: "kvm-02",
          vm: "web-03",
          uuid: "5b000000-0000-4000-8000-000000000003",
          near: ["52:54:00:4c:00:20"],
        },
      ],
    },
  ],
});
