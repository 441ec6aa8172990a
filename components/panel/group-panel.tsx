"use client";

import { X } from "lucide-react";
import { useDeferredValue, useState } from "react";
import type { Group } from "@/lib/layout/fold";
import { Button } from "../ui/button";
import { HostText } from "../ui/host-text";
import { useText } from "../ui/language";
import { StatusLabel } from "../ui/status";

const shownMembers = 300;

/** Guests that are drawn as one: found by name, drawn by a click. */
export function GroupPanel({
  group,
  nameOf,
  onChoose,
  onClose,
}: {
  readonly group: Group;
  readonly nameOf: (id: string) => string;
  readonly onChoose: (id: string) => void;
  readonly onClose: () => void;
}) {
  const { t } = useText();
  const [question, setQuestion] = useState("");
  const asked = useDeferredValue(question.toLowerCase());
  const found = group.members.filter((id) => nameOf(id).toLowerCase().includes(asked));
  return (
    <aside
      aria-label={t("groupTitle", { count: group.members.length })}
      className="flex min-h-0 w-full shrink-0 flex-col border-l border-line bg-surface md:w-96"
    >
      <header className="flex items-start gap-2 py-2 pr-2 pl-4">
        <div className="min-w-0 flex-1">
          <h2 className="text-base font-semibold">{t("groupTitle", { count: group.members.length })}</h2>
          <StatusLabel status={group.status} className="text-xs" />
        </div>
        <Button look="quiet" small onClick={onClose} aria-label={t("close")} icon={<X className="size-4" />} />
      </header>
      <div className="border-b border-line px-4 pb-3">
        <input
          className="control"
          aria-label={t("findGuest")}
          placeholder={t("findGuest")}
          value={question}
          onChange={(e) => setQuestion(e.target.value)}
        />
      </div>
      <ul className="min-h-0 flex-1 overflow-y-auto py-1">
        {found.slice(0, shownMembers).map((id) => (
          <li key={id}>
            <button
              type="button"
              className="flex w-full px-4 py-1 text-left hover:bg-sunken"
              onClick={() => onChoose(id)}
            >
              <HostText text={nameOf(id)} />
            </button>
          </li>
        ))}
        {found.length > shownMembers && (
          <li className="px-4 py-1 text-muted">{t("more", { count: found.length - shownMembers })}</li>
        )}
      </ul>
    </aside>
  );
}
