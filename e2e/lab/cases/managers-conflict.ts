import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "managers-conflict",
  check: "managers-conflict",
  base: "bond",
  story: "ifupdown made br0, and systemd-networkd was told to configure it too",
  async inject(lab) {
    await lab.hv(
      "mkdir -p /run/systemd/network; printf '[Match]\\nName=br0\\n[Network]\\nKeepConfiguration=yes\\nLinkLocalAddressing=no\\nIPv6AcceptRA=no\\n' >/run/systemd/network/50-br0.network; systemctl start systemd-networkd",
    );
    await lab.waitHv("networkd has br0", "networkctl list --no-legend br0 | grep -qE 'configured|configuring'");
  },
  shows: "networkctl list --no-legend br0 | grep -qE ' (configured|configuring)'",
  expect: { subjects: ["bridge/br0"], impacts: [], alsoAllowed: [] },
  async heal(lab) {
    await lab.hv(
      "rm /run/systemd/network/50-br0.network; networkctl reload; systemctl stop systemd-networkd.socket systemd-networkd; rm -rf /run/systemd/netif/links",
    );
  },
});
