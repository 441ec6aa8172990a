import type { Parts } from "./libvirt";

/** Some of the filters that libvirt brings along; no guest of the fleet uses one. */
const filters = [
  [
    "allow-arp",
    "0c6de9e1-9a0f-4cc1-9a0a-4d0c2d6b2a51",
    "chain='arp' priority='-500'",
    "  <rule action='accept' direction='inout' priority='500'/>",
  ],
  [
    "allow-ipv4",
    "6a7c0b3e-5f0f-4a6f-8c59-4f1f1b8a2f10",
    "chain='ipv4' priority='-700'",
    "  <rule action='accept' direction='inout' priority='500'/>",
  ],
  [
    "no-mac-spoofing",
    "5f91b06a-3d3a-4b6c-bc0d-51e4db882b84",
    "chain='mac' priority='-800'",
    "  <rule action='return' direction='out' priority='500'>\n    <mac srcmacaddr='$MAC'/>\n  </rule>\n  <rule action='drop' direction='out' priority='500'>\n    <mac/>\n  </rule>",
  ],
  [
    "no-ip-multicast",
    "9d1f7f8c-7b0a-4b53-9b9f-3a5a0f7f6c22",
    "chain='ipv4' priority='-700'",
    "  <rule action='drop' direction='out' priority='500'>\n    <ip dstipaddr='224.0.0.0' dstipmask='4'/>\n  </rule>",
  ],
] as const;

/** Parts of the probe libvirt-nwfilters. */
export function nwfilters(): Parts {
  return [
    ["uuids", filters.map(([, uuid]) => uuid).join("\n")],
    [
      "xml",
      filters
        .map(
          ([name, uuid, place, rules]) =>
            `<filter name='${name}' ${place}>\n  <uuid>${uuid}</uuid>\n${rules}\n</filter>\n`,
        )
        .join("\n"),
    ],
  ];
}
