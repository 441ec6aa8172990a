import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "host-cpu-saturated",
  check: "host-cpu-saturated",
  base: "bond",
  story: "eight endless loops take every CPU for three minutes",
  async inject(lab) {
    // Bounded in time by itself: whatever becomes of the run, they end.
    await lab.hv(
      "for n in 1 2 3 4 5 6 7 8; do systemd-run -q --unit=burn-$n timeout 180 sh -c 'while :; do :; done'; done; sleep 1",
    );
  },
  shows: "systemctl is-active -q burn-1.service",
  expect: {
    subjects: [/^host\//],
    impacts: [],
    mayImpact: ["web-01", "web-02"],
    alsoAllowed: ["clock-skew", "softnet-drops", "arp-incomplete", "gateway-unreachable"],
  },
  async heal(lab) {
    await lab.hv("systemctl stop 'burn-*'", 60_000);
  },
});
