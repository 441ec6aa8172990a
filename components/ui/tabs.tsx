"use client";

import clsx from "clsx";
import { type ReactNode, useId } from "react";

/** Tabs by the book: arrows move between them, the panel is named by its tab. */
export function Tabs<T extends string>({
  label,
  tabs,
  current,
  onChange,
  children,
}: {
  readonly label: string;
  readonly tabs: readonly { readonly id: T; readonly name: string; readonly count?: number }[];
  readonly current: T;
  readonly onChange: (id: T) => void;
  readonly children: ReactNode;
}) {
  const base = useId();
  const move = (event: React.KeyboardEvent) => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    const next = tabs[(tabs.findIndex((x) => x.id === current) + by + tabs.length) % tabs.length];
    if (!next) return;
    onChange(next.id);
    document.getElementById(`${base}-${next.id}`)?.focus();
  };
  return (
    <>
      <div role="tablist" aria-label={label} onKeyDown={move} className="flex gap-1 border-b border-line px-3">
        {tabs.map(({ id, name, count }) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`${base}-${id}`}
            aria-selected={id === current}
            aria-controls={`${base}-panel`}
            tabIndex={id === current ? 0 : -1}
            onClick={() => onChange(id)}
            className={clsx(
              "-mb-px flex h-8 items-center gap-1.5 border-b-2 px-1.5",
              id === current ? "border-accent font-medium" : "border-transparent text-muted hover:text-text",
            )}
          >
            {name}
            {count ? <span className="rounded bg-fail-soft px-1 text-2xs font-semibold text-fail">{count}</span> : null}
          </button>
        ))}
      </div>
      <div
        role="tabpanel"
        id={`${base}-panel`}
        aria-labelledby={`${base}-${current}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a tab panel that scrolls must be reachable by keyboard.
        tabIndex={0}
        className="min-h-0 flex-1 overflow-y-auto"
      >
        {children}
      </div>
    </>
  );
}
