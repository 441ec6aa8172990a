import { z } from "zod";
import { defineProbe, ParseError } from "./define";
import { hostText, printItem } from "./items";
import { uuids, virshShell } from "./libvirt";
import { linesOf, partsOf, whole } from "./parts";
import { attr, child, childrenOf, type Element, parseXml } from "./xml";

/** One network filter of libvirt. */
export const NwFilter = z.object({
  uuid: z.string(),
  name: z.string(),
  chain: z.string().optional(),
  /** Other filters that it takes in, by name. */
  refs: z.array(z.string()),
  rules: z.array(
    z.object({
      action: z.string(),
      direction: z.string(),
      priority: z.number().optional(),
      /** Protocol and its conditions, e.g. {protocol: "mac", conditions: [{name: "srcmacaddr", value: "$MAC"}]}. */
      matches: z.array(
        z.object({ protocol: z.string(), conditions: z.array(z.object({ name: z.string(), value: z.string() })) }),
      ),
    }),
  ),
});
export type NwFilter = z.infer<typeof NwFilter>;

function readFilter(element: Element): NwFilter {
  const uuid = child(element, "uuid")?.text.trim();
  const name = attr(element, "name");
  if (element.name !== "filter" || !uuid || !name) throw new ParseError("filter XML without name or UUID");
  return {
    uuid,
    name,
    chain: attr(element, "chain"),
    refs: childrenOf(element, "filterref").flatMap((ref) => attr(ref, "filter") ?? []),
    rules: childrenOf(element, "rule").map((rule) => {
      const priority = attr(rule, "priority");
      return {
        action: attr(rule, "action") ?? "",
        direction: attr(rule, "direction") ?? "",
        priority: priority === undefined ? undefined : whole(priority, "rule priority"),
        matches: rule.children.map((match) => ({
          protocol: match.name,
          conditions: [...match.attributes].map(([key, value]) => ({ name: key, value })),
        })),
      };
    }),
  };
}

/**
 * libvirt's network filters, in two virsh calls. Which interface uses which filter, and with what parameters, is in libvirt-domains (`filterref`).
 *
 * Sample (libvirt 9.0): `<filter name='no-mac-spoofing' chain='mac' priority='-800'><uuid>...</uuid><rule action='return' direction='out' priority='500'>
 * <mac srcmacaddr='$MAC'/></rule><rule action='drop' direction='out' priority='500'><mac/></rule></filter>`
 */
export const probe = defineProbe({
  id: "libvirt-nwfilters",
  title: { en: "Libvirt network filters", zh: "libvirt 网络过滤器" },
  tier: "slow",
  command: "virsh -r nwfilter-list; virsh -r nwfilter-dumpxml FILTER",
  // The table has no --uuid option: the UUID is its first column.
  script: `${virshShell}first nwfilter-list
u=; c=; for w in $l; do case $w in *[!0-9a-f-]*) continue ;; ????????-????-????-????-????????????) u="$u $w"; c="$c;nwfilter-dumpxml $w" ;; esac; done
item uuids printf '%s\\n' $u
if [ -n "$c" ]; then item xml v "\${c#;}"; else item xml :; fi`,
  privilege: "partial",
  timeoutMs: 20_000,
  maxBytes: 4_194_304,
  fact: z.array(NwFilter),
  parse: (raw) => {
    const part = partsOf(raw, ["uuids", "xml"]);
    const filters = parseXml(hostText(part("xml").bytes)).map(readFilter);
    const found = new Set(filters.map((filter) => filter.uuid));
    for (const uuid of uuids(linesOf(part("uuids"))))
      if (!found.has(uuid)) throw new ParseError(`no XML of the filter ${uuid}`);
    return filters;
  },
  sources: ["https://libvirt.org/formatnwfilter.html"],
  examples: [
    {
      name: "no-mac-spoofing",
      stdout:
        printItem("uuids", "5f91b06a-3d3a-4b6c-bc0d-51e4db882b84") +
        printItem(
          "xml",
          `<filter name='no-mac-spoofing' chain='mac' priority='-800'>
  <uuid>5f91b06a-3d3a-4b6c-bc0d-51e4db882b84</uuid>
  <filterref filter='allow-arp'/>
  <rule action='return' direction='out' priority='500'>
    <mac srcmacaddr='$MAC'/>
  </rule>
  <rule action='drop' direction='out' priority='500'>
    <mac/>
  </rule>
</filter>
`,
        ),
      expect: [
        {
          uuid: "5f91b06a-3d3a-4b6c-bc0d-51e4db882b84",
          name: "no-mac-spoofing",
          chain: "mac",
          refs: ["allow-arp"],
          rules: [
            {
              action: "return",
              direction: "out",
              priority: 500,
              matches: [{ protocol: "mac", conditions: [{ name: "srcmacaddr", value: "$MAC" }] }],
            },
            { action: "drop", direction: "out", priority: 500, matches: [{ protocol: "mac", conditions: [] }] },
          ],
        },
      ],
    },
  ],
});
