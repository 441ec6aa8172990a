import type { SimHost } from "@/server/sim";
import { type Forgery, forged } from "@/server/sim/forgeries";
import type { Answer } from "@/server/sim/printer";

/** One way of being hostile: begins, and returns how it ends. */
export interface Way {
  readonly id: string;
  readonly says: string;
  begin(host: SimHost): () => void;
}

const forging = (id: string, says: string, how: Forgery): Way => ({
  id,
  says,
  begin(host) {
    // Once a probe: the work of forging is not the collector's, and must not look as if it were.
    const made = new Map<string, Answer>();
    host.forge((probe, honest) => {
      const answer = made.get(probe) ?? forged(how, honest);
      made.set(probe, answer);
      return answer;
    });
    return () => host.forge(undefined);
  },
});

const every = (ms: number, act: () => void): (() => void) => {
  const timer = setInterval(act, ms);
  return () => clearInterval(timer);
};

const monitorLine =
  "9: tap0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noop master br0 state UP \\    link/ether 52:54:00:00:00:09";

/** The twelve ways. A new one is one entry here. */
export const ways: readonly Way[] = [
  {
    id: "event-flood",
    says: "7 MB of ip monitor lines a second",
    begin: (host) =>
      every(20, () =>
        host.machine.shout(Array.from({ length: 1_100 }, () => ({ source: "ip-monitor" as const, line: monitorLine }))),
      ),
  },
  {
    id: "flapping",
    says: "a true change of a link 200 times a second",
    begin(host) {
      let up = false;
      const end = every(5, () => {
        host.setCarrier("nic0", up);
        up = !up;
      });
      return () => {
        end();
        host.setCarrier("nic0", true);
      };
    },
  },
  forging("deep", "JSON and XML nested 20,000 deep", "deep"),
  forging("wide", "every list 1,000 entries long", "wide"),
  forging("huge", "a word of 200 kB in every output", "huge"),
  forging("blanks", "blanks, digits and colons without end, for regular expressions", "blanks"),
  forging("truncated", "every output cut in half", "truncated"),
  forging("wrong-types", "words for numbers, numbers for words", "wrong-types"),
  forging("prototype-keys", "__proto__ and constructor as names and keys", "prototype-keys"),
  {
    id: "endless",
    says: "every probe prints 70 MB",
    begin(host) {
      const stdout = Buffer.alloc(70_000_000, "{");
      host.forge(() => ({ stdout, exit: 0 }));
      return () => host.forge(undefined);
    },
  },
  {
    id: "noise",
    says: "bytes between the frames of both shells, ten times a second",
    begin: (host) =>
      every(100, () => host.noise(Buffer.from(`\nTP${"0".repeat(32)}e1 0\n\x00\xff`.repeat(50), "latin1"))),
  },
  {
    id: "hanging-up",
    says: "ends its connections five times a second, and answers nothing between",
    begin(host) {
      let hung = false;
      const end = every(200, () => {
        host.drop();
        hung = !hung;
        host.hang(hung);
      });
      return () => {
        end();
        host.hang(false);
        host.drop();
      };
    },
  },
];
