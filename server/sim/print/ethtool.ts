import { lowerUp, type SimState } from "../model";
import { countersOf } from "./ip";
import type { Parts } from "./libvirt";

const features = [
  "rx-checksumming: on",
  "tx-checksumming: on",
  "\ttx-checksum-ipv4: off [fixed]",
  "\ttx-checksum-ip-generic: on",
  "scatter-gather: on",
  "tcp-segmentation-offload: on",
  "generic-segmentation-offload: on",
  "generic-receive-offload: on",
  "large-receive-offload: off [fixed]",
  "rx-vlan-offload: on",
  "tx-vlan-offload: on",
];

const ring = ["RX:\t\t4096", "RX Mini:\tn/a", "RX Jumbo:\tn/a", "TX:\t\t4096"];

/** Parts of the probe ethtool: two fibre NICs, each with a module whose light is good. */
export function ethtool(state: SimState, now: number): Parts {
  const parts: [string, string][] = [];
  const optics: string[] = [];
  for (const nic of state.links.values()) {
    if (nic.pci === undefined) continue;
    const up = lowerUp(state, nic);
    const { rx, tx } = countersOf(state, nic, now);
    const mode = `${nic.speed ?? 10_000}baseSR/Full`;
    const settings = [
      `Settings for ${nic.name}:`,
      "\tSupported ports: [ FIBRE ]",
      `\tSupported link modes:   ${mode}`,
      `\tAdvertised link modes:  ${mode}`,
      "\tLink partner advertised link modes:  Not reported",
      `\tSpeed: ${up ? `${nic.speed ?? 10_000}Mb/s` : "Unknown!"}`,
      `\tDuplex: ${up ? "Full" : "Unknown! (255)"}`,
      "\tAuto-negotiation: off",
      "\tPort: FIBRE",
      `\tLink detected: ${up ? "yes" : nic.plugged ? "no" : "no (No cable)"}`,
    ];
    const driver = [
      `driver: ${nic.driver ?? "ixgbe"}`,
      "version: 6.1.0-28-amd64",
      "firmware-version: 8.30 0x8000a4ae",
      "expansion-rom-version: ",
      `bus-info: ${nic.pci}`,
    ];
    parts.push(
      [`settings:${nic.name}`, settings.join("\n")],
      [`driver:${nic.name}`, driver.join("\n")],
      [`features:${nic.name}`, [`Features for ${nic.name}:`, ...features].join("\n")],
      [
        `ring:${nic.name}`,
        [`Ring parameters for ${nic.name}:`, "Pre-set maximums:", ...ring, "Current hardware settings:", ...ring].join(
          "\n",
        ),
      ],
      [
        `statistics:${nic.name}`,
        [
          "NIC statistics:",
          `     rx_packets: ${rx.packets}`,
          `     tx_packets: ${tx.packets}`,
          `     rx_bytes: ${rx.bytes}`,
          `     tx_bytes: ${tx.bytes}`,
          "     rx_crc_errors: 0",
          "     rx_missed_errors: 0",
        ].join("\n"),
      ],
    );
    optics.push(
      `@${nic.name}`,
      "\tIdentifier                                : 0x03 (SFP)",
      "\tLaser output power                        : 0.5754 mW / -2.40 dBm",
      `\tReceiver signal average optical power     : ${nic.plugged ? "0.4786 mW / -3.20 dBm" : "0.0000 mW / -inf dBm"}`,
    );
  }
  return [...parts, ["optics", optics.join("\n")]];
}
