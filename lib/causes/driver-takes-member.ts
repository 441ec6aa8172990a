import type { CauseRule } from "./define";

/** A bond misses a member that has no interface on the host at all, and there is a card without a driver: that is it. */
export const rule: CauseRule = {
  id: "driver-takes-member",
  cause: ["nic-driver-missing"],
  effect: ["bond-member-missing"],
  lab: { case: "nic-driver-missing" },
  links(_cause, effect, graph) {
    const { members } = effect.params;
    if (typeof members !== "string") return false;
    const there = new Set(graph.ofKind("nic").map((nic) => nic.name));
    return members.split(", ").some((name) => name !== "" && !there.has(name));
  },
};
