"use client";

import clsx from "clsx";
import { X } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { Button } from "./button";
import { useText } from "./language";

/** A modal dialog: the browser's own, so focus stays inside, Escape closes, and what lies behind is inert. */
export function Dialog({
  title,
  onClose,
  children,
  footer,
  wide,
  locked,
}: {
  readonly title: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
  readonly wide?: boolean;
  /** Something runs that must not vanish by an accidental Escape. */
  readonly locked?: boolean;
}) {
  // Long: a third of it says what it is given.
  const { t } = useText();
  const ref = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (dialog && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        if (!locked) onClose();
      }}
      className={clsx(
        "max-h-[min(90vh,52rem)] w-[calc(100vw-2rem)] rounded-lg border border-line-strong bg-raised p-0 shadow-pop",
        wide ? "max-w-3xl" : "max-w-lg",
      )}
    >
      <div className="flex max-h-[min(90vh,52rem)] flex-col">
        <header className="flex items-center gap-2 border-b border-line py-2 pr-2 pl-4">
          <h2 id={heading} className="min-w-0 flex-1 truncate text-base font-semibold">
            {title}
          </h2>
          <Button
            look="quiet"
            small
            onClick={onClose}
            disabled={locked}
            aria-label={t("close")}
            icon={<X className="size-4" />}
          />
        </header>
        <div className="min-h-0 flex-1 overflow-y-auto px-4 py-3">{children}</div>
        {footer && (
          <footer className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-4 py-3">
            {footer}
          </footer>
        )}
      </div>
    </dialog>
  );
}
