import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "services-failed",
  check: "services-failed",
  base: "bond",
  story: "chrony was started with a configuration that it cannot read",
  async inject(lab) {
    await lab.hv(
      "mkdir -p /run/systemd/system/chrony.service.d; printf '[Service]\\nExecStart=\\nExecStart=/bin/false\\nType=oneshot\\nRestart=no\\n' >/run/systemd/system/chrony.service.d/broken.conf; systemctl daemon-reload; systemctl start chrony || true",
    );
    await lab.waitHv("chrony has failed", "systemctl is-failed -q chrony");
  },
  shows: "systemctl is-failed -q chrony",
  expect: { subjects: [/^host\//], impacts: [], alsoAllowed: [] },
  async heal(lab) {
    await lab.hv("rm -r /run/systemd/system/chrony.service.d; systemctl daemon-reload; systemctl reset-failed chrony");
  },
});
