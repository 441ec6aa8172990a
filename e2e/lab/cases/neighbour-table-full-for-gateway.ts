import { defineCase } from "../cases";
import { labCase as overflow } from "./neighbour-table-overflow";

export const labCase = defineCase({
  id: "neighbour-table-full-for-gateway",
  check: "neighbour-table-overflow",
  base: "bond",
  story: "the ARP table takes three neighbours, others keep it full, and the gateway finds no room",
  async inject(lab) {
    // The machine's own way in must not be evicted: what is permanent neither counts nor goes.
    await lab.hv(
      "ip -o neigh show dev mgmt0 | awk '/lladdr/ { print $1, $3 }' | while read to mac; do ip neigh replace $to lladdr $mac dev mgmt0 nud permanent; done",
    );
    await overflow.inject(lab);
    // Entries that changed in the last five seconds are never given up (kernel, net/core/neighbour.c, neigh_forced_gc). Ends by itself after a quarter of an hour.
    await lab.hv(
      "systemd-run -q --unit=fill timeout 900 sh -c 'n=0; while :; do n=$(( (n + 1) % 10 )); for a in 61 62 63 64; do ip neigh replace 10.20.0.$a lladdr 02:00:00:00:0$n:$a dev br0 nud reachable; done; sleep 0.5; done'",
    );
    // Its entry stays as long as it is there: it is taken away until another has its place.
    await lab.waitHv(
      "the gateway cannot be asked for",
      "ip neigh del 10.20.0.1 dev br0; sleep 1; ! ping -q -c 1 -W 1 10.20.0.1",
      60_000,
    );
  },
  shows: overflow.shows,
  expect: overflow.expect,
  async heal(lab) {
    await lab.hv("systemctl stop fill || true");
    await overflow.heal(lab);
    await lab.hv("ping -q -c 2 -W 2 10.20.0.1");
  },
});
