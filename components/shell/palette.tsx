"use client";

import clsx from "clsx";
import { useRouter } from "next/navigation";
import { useDeferredValue, useEffect, useId, useMemo, useRef, useState } from "react";
import { wordOfKind } from "@/lib/text/labels";
import { visible } from "@/lib/text/visible";
import { useLive } from "../live/live";
import { fleetOf, hostInView } from "../live/state";
import { useText } from "../ui/language";
import { type Hit, hitsOf, searchHits } from "./search";

/** Ctrl-K: hosts, VMs, MACs, addresses, problems and pages, of what this browser has. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  // Long: the box, its keys and the list that they move in.
  const { t } = useText();
  const router = useRouter();
  const host = useLive(hostInView);
  const [question, setQuestion] = useState("");
  const asked = useDeferredValue(question);
  const [at, setAt] = useState(0);
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useId();
  const hits = useHits();
  const found = useMemo(() => searchHits(hits, asked), [hits, asked]);
  const current = Math.min(at, Math.max(0, found.length - 1));

  useEffect(() => {
    const element = dialog.current;
    if (element && !element.open) element.showModal();
    return () => element?.close();
  }, []);
  useEffect(() => {
    document.getElementById(`${list}-${current}`)?.scrollIntoView({ block: "nearest" });
  }, [list, current]);

  const open = (hit: Hit | undefined) => {
    if (!hit) return;
    onClose();
    router.push(hit.href);
  };
  const onKey = (event: React.KeyboardEvent) => {
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (by !== 0) {
      event.preventDefault();
      setAt(Math.max(0, Math.min(found.length - 1, current + by)));
    } else if (event.key === "Enter") {
      event.preventDefault();
      // Asked anew: a quick hand presses Enter before the list has followed the typing.
      open(asked === question ? found[current] : searchHits(hits, question)[0]);
    }
  };
  return (
    <dialog
      ref={dialog}
      aria-label={t("search")}
      onCancel={onClose}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
      onKeyDown={onKey}
      className="mt-[12vh] w-[calc(100vw-2rem)] max-w-xl rounded-lg border border-line-strong bg-raised p-0 shadow-pop"
    >
      <input
        autoFocus
        role="combobox"
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={found.length ? `${list}-${current}` : undefined}
        aria-label={t("search")}
        className="h-11 w-full border-b border-line bg-transparent px-4 text-base outline-none placeholder:text-faint"
        placeholder={t("searchHint")}
        value={question}
        spellCheck={false}
        onChange={(event) => {
          setQuestion(event.target.value);
          setAt(0);
        }}
      />
      <Results id={list} hits={found} current={current} onPoint={setAt} onOpen={open} />
      {found.length === 0 && <p className="px-4 py-6 text-center text-muted">{t("nothingFound")}</p>}
      <p className="border-t border-line px-4 py-1.5 text-2xs text-muted">
        {host ? t("searchScopeHost", { host: visible(host.host.name) }) : t("searchScope")}
      </p>
    </dialog>
  );
}

/** All that can be found: pages, hosts, and what is inside the host that is looked at. */
function useHits(): readonly Hit[] {
  const fleet = useLive(fleetOf);
  const host = useLive(hostInView);
  const { t, say, language } = useText();
  return useMemo(() => {
    const page = (href: string, title: string): Hit => ({
      id: `page ${href}`,
      group: "page",
      title,
      detail: t("hitPage"),
      href,
      words: "",
    });
    return hitsOf(
      fleet,
      host,
      [
        page("/", t("navFleet")),
        page("/hosts", t("navHosts")),
        page("/hosts/add", t("addHost")),
        page("/incidents", t("navIncidents")),
        page("/checks", t("navChecks")),
        page("/audit", t("navAudit")),
        page("/settings", t("navSettings")),
      ],
      (kind) => say(wordOfKind(kind)),
      language,
    );
  }, [fleet, host, t, say, language]);
}

function Results({
  id,
  hits,
  current,
  onPoint,
  onOpen,
}: {
  readonly id: string;
  readonly hits: readonly Hit[];
  readonly current: number;
  readonly onPoint: (at: number) => void;
  readonly onOpen: (hit: Hit) => void;
}) {
  const { t } = useText();
  return (
    <div id={id} role="listbox" aria-label={t("searchResults")} className="max-h-[50vh] overflow-y-auto py-1">
      {hits.map((hit, i) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the combobox, which keeps the focus.
        <div
          key={hit.id}
          id={`${id}-${i}`}
          role="option"
          tabIndex={-1}
          aria-selected={i === current}
          onMouseMove={() => onPoint(i)}
          onClick={() => onOpen(hit)}
          className={clsx("flex cursor-pointer items-baseline gap-3 px-4 py-1.5", i === current && "bg-accent-soft")}
        >
          <span className="min-w-0 flex-1 truncate">{visible(hit.title)}</span>
          <span className="max-w-48 shrink-0 truncate text-xs text-muted">{visible(hit.detail)}</span>
        </div>
      ))}
    </div>
  );
}
