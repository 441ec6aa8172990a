import { HostSpec } from "@/lib/wire/rest";
import { HostActor } from "../fleet/actor";
import { defineSource } from "./define";

/** A host that is reached by SSH, read over and over, and followed by its events. */
export const source = defineSource<HostSpec>({
  kind: "ssh",
  spec: HostSpec,
  says: ({ user, address, port, login, jump }) =>
    `${user}@${address}:${port}, login by ${login.kind}${jump.length > 0 ? `, over ${jump.length} hops` : ""}`,
  info: ({ address, labels }) => ({ address, ...(labels === undefined ? {} : { labels }) }),
  watched: true,
  host: ({ spec, engine, info, deps }) => new HostActor(spec, engine, info, deps),
});
