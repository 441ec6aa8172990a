"use client";

import type { Json } from "@/lib/graph/model";
import { visible } from "@/lib/text/visible";
import { HostText } from "../ui/host-text";
import { useText } from "../ui/language";
import type { Subject } from "./subject";

/** Attributes as a table that a person reads: lists of plain values on one line each, objects as small tables of their own. */
export function DetailsTab({
  subject,
  onChoose,
}: {
  readonly subject: Subject;
  readonly onChoose: (id: string) => void;
}) {
  const { t } = useText();
  const item = subject.node ?? subject.edge;
  const attributes = Object.entries(item?.attributes ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return (
    <div className="px-4 py-3">
      <table className="w-full table-fixed">
        <tbody>
          {subject.edge && (
            <>
              <Row name={t("edgeFrom")}>
                <End id={subject.edge.from} name={subject.from?.name} onChoose={onChoose} />
              </Row>
              <Row name={t("edgeTo")}>
                <End id={subject.edge.to} name={subject.to?.name} onChoose={onChoose} />
              </Row>
              <Row name={t("inKernel")}>{subject.edge.present ? t("present") : t("absentLong")}</Row>
            </>
          )}
          {item?.remembered && <Row name={t("seenNow")}>{t("rememberedLong")}</Row>}
          {attributes.map(([name, value]) => (
            <Row key={name} name={visible(inWords(name))}>
              <Value value={value} />
            </Row>
          ))}
        </tbody>
      </table>
      {attributes.length === 0 && !subject.edge && <p className="text-muted">{t("noAttributes")}</p>}
      <p className="mt-3 border-t border-line pt-2 text-xs break-all text-muted">
        {t("identity")} <code>{visible(subject.id)}</code>
      </p>
    </div>
  );
}

/** The model's names as words: "hadMembers" becomes "had members". Names of the kernel are one word and stay. */
const inWords = (name: string) =>
  name.replace(/([a-z0-9])([A-Z])/g, (_, before, after) => `${before} ${after.toLowerCase()}`);

function Row({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <tr className="border-b border-line last:border-0">
      <th scope="row" className="w-32 py-1 pr-3 text-left align-top font-normal break-words text-muted">
        {name}
      </th>
      <td className="py-1 break-words">{children}</td>
    </tr>
  );
}

function End({
  id,
  name,
  onChoose,
}: {
  readonly id: string;
  readonly name: string | undefined;
  readonly onChoose: (id: string) => void;
}) {
  return (
    <button type="button" className="flex max-w-full text-accent hover:underline" onClick={() => onChoose(id)}>
      <HostText text={name ?? id} mono />
    </button>
  );
}

function Value({ value }: { readonly value: Json }) {
  const { t } = useText();
  if (value === null) return <span className="text-muted">{t("none")}</span>;
  if (typeof value === "boolean") return t(value ? "yes" : "no");
  if (typeof value === "number") return <span className="mono">{value}</span>;
  if (typeof value === "string") return <span className="mono">{visible(value)}</span>;
  if (Array.isArray(value)) {
    if (value.length === 0) return <span className="text-muted">{t("none")}</span>;
    return (
      <ul className="flex flex-col gap-0.5">
        {value.map((item, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: values of a list have no other identity.
          <li key={i}>
            <Value value={item} />
          </li>
        ))}
      </ul>
    );
  }
  return (
    <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-2">
      {Object.entries(value).map(([name, item]) => (
        <div key={name} className="contents">
          <dt className="text-muted">{visible(inWords(name))}</dt>
          <dd>
            <Value value={item} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
