/** One problem for each root, with the guests that it cuts off by name: what has nothing to do with each other stays apart, worst first. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Finding } from "@/lib/checks/finding";
import { byBlast } from "@/lib/problems/rank";
import { trueOfTheLab } from "./diagnosis";
import { Lab } from "./lab";
import { hostId, Watcher } from "./watcher";

let lab: Lab;

/** Half a minute on an idle machine; several labs side by side take ten times that. */
const boundMs = 600_000;

beforeAll(async () => {
  lab = await Lab.ensure();
});
afterAll(() => lab?.stop());

interface Problem {
  readonly head: string;
  /** Guests cut off, by name. */
  readonly impacts: readonly string[];
  /** Findings that hang under it, however deep. */
  readonly under: readonly string[];
}

const briefly = ({ check, subject }: Pick<Finding, "check" | "subject">) =>
  `${check} ${subject.slice(hostId.length + 1)}`;

/** Problems as a person is shown them, worst first. */
function problems(watcher: Watcher): Problem[] {
  const { problems, findings, nodes } = watcher.snapshot();
  const byKey = new Map(findings.map((finding) => [finding.key, finding]));
  return [...problems]
    .sort(byBlast)
    .filter((head) => !trueOfTheLab.has(head.check))
    .map((head) => ({
      head: briefly(head),
      impacts: head.impacts.map((id) => nodes.find((node) => node.id === id)?.name ?? id),
      under: head.tail
        .flatMap(({ key }) => byKey.get(key) ?? [])
        .map(briefly)
        .sort(),
    }));
}

describe("problems", () => {
  let watcher: Watcher;

  beforeAll(async () => {
    await lab.restore("bond");
    watcher = await Watcher.open(lab);
  });
  afterAll(() => watcher?.close());

  const heads = () => problems(watcher).map(({ head }) => head);

  /** Looks until these are the heads, and once more at everything: what comes late must not add one. */
  async function become(wanted: readonly string[]): Promise<void> {
    await watcher.until(() => (heads().join() === wanted.join() ? true : undefined), 60_000);
    await watcher.sweep();
    expect(heads()).toEqual(wanted);
  }

  const tap1 = "tap/web-01/52:54:00:5b:00:01";
  const vnic2 = "vnic/web-02/52:54:00:5b:00:02";

  it(
    "two guests cut off in two ways at once are two problems, each with its own guest",
    async () => {
      await lab.hv("ip link set vnet0 nomaster; virsh -q domif-setlink web-02 vnet1 down");
      await become([`tap-not-enslaved ${tap1}`, `vnic-link-down ${vnic2}`]);
      expect(problems(watcher).map(({ impacts }) => impacts)).toEqual([["web-01"], ["web-02"]]);
      expect([await lab.pingGuest("web-01"), await lab.pingGuest("web-02")]).toEqual([false, false]);
    },
    boundMs,
  );

  it(
    "one of them mended leaves the other",
    async () => {
      await lab.hv("virsh -q domif-setlink web-02 vnet1 up");
      await become([`tap-not-enslaved ${tap1}`]);
      await lab.guestAnswers("web-02", 60_000);
    },
    boundMs,
  );

  it(
    "what cuts a guest off comes before what costs redundancy only, and the bond's loss hangs under the cable",
    async () => {
      await lab.setLink("nic1", false);
      await become([`tap-not-enslaved ${tap1}`, "nic-no-carrier nic/nic1"]);
      const [first, second] = problems(watcher);
      expect([first?.impacts, second?.impacts]).toEqual([["web-01"], []]);
      expect(second?.under).toEqual(["bond-member-down bond/bond0"]);
    },
    boundMs,
  );
});
