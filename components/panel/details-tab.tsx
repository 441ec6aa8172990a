"use client";

import type { Json } from "@/lib/graph/model";
import {
  attributesOfEither,
  type Described,
  describedIn,
  inKindOrder,
  printed,
  wordOfAttribute,
} from "@/lib/text/attributes";
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
  const { t, say } = useText();
  const item = subject.node ?? subject.edge;
  const known = attributesOfEither(subject);
  const attributes = inKindOrder(known, item?.attributes ?? {});
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
            <Row key={name} name={visible(say(wordOfAttribute(describedIn(known, name), name)))}>
              <Value value={value} described={describedIn(known, name)} />
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

function Value({ value, described }: { readonly value: Json; readonly described?: Described }) {
  const { t, say } = useText();
  if (value === null) return <span className="text-muted">{t("none")}</span>;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    const { text, isWord } = printed(described, value, { yes: t("yes"), no: t("no"), say });
    return isWord ? text : <span className="mono">{visible(text)}</span>;
  }
  if (Array.isArray(value)) {
    if (value.length === 0) return <span className="text-muted">{t("none")}</span>;
    return (
      <ul className="flex flex-col gap-0.5">
        {value.map((item, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: values of a list have no other identity.
          <li key={i}>
            <Value value={item} described={described} />
          </li>
        ))}
      </ul>
    );
  }
  return (
    <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-2">
      {Object.entries(value).map(([name, item]) => (
        <div key={name} className="contents">
          <dt className="text-muted">{visible(say(wordOfAttribute(undefined, name)))}</dt>
          <dd>
            <Value value={item} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
