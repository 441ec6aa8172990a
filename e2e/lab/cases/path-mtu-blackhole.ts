import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "path-mtu-blackhole",
  check: "path-mtu-blackhole",
  base: "bond",
  story: "somewhere on the way to the gateway frames of more than 1300 bytes are dropped",
  async inject(lab) {
    await lab.switchNs([
      "nft",
      "add table inet hole; add chain inet hole in { type filter hook input priority 0; }; add rule inet hole in meta length > 1300 drop",
    ]);
  },
  shows: "ping -q -c 1 -W 1 10.20.0.1 && ! ping -q -c 1 -W 1 -M do -s 1472 10.20.0.1",
  expect: {
    subjects: ["gateway/10.20.0.1"],
    impacts: [],
    alsoAllowed: [],
  },
  async heal(lab) {
    await lab.switchNs(["nft", "delete", "table", "inet", "hole"]);
  },
});
