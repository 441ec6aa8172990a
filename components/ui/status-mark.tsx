import clsx from "clsx";
import type { Status } from "@/lib/graph/model";

/** Shape of a status, so that it is told apart without colour. Goes with its word; alone it is decoration. */
export function StatusMark({ status, className }: { readonly status: Status; readonly className?: string }) {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true" className={clsx("size-3.5 shrink-0", className)}>
      {shapes[status]}
    </svg>
  );
}

const shapes: Readonly<Record<Status, React.ReactNode>> = {
  ok: <circle cx="8" cy="8" r="4" className="fill-ok-mark" />,
  warn: (
    <>
      <path d="M8 1.5 15 14H1Z" className="fill-warn-mark" />
      <path d="M8 6v4M8 11.4v1.2" className="stroke-surface" strokeWidth="1.7" />
    </>
  ),
  fail: (
    <>
      <path d="M5 1h6l4 4v6l-4 4H5l-4-4V5Z" className="fill-fail-mark" />
      <path d="m5.2 5.2 5.6 5.6m0-5.6-5.6 5.6" className="stroke-surface" strokeWidth="1.8" />
    </>
  ),
  impacted: (
    <>
      <circle cx="8" cy="8" r="6" fill="none" className="stroke-warn-mark" strokeWidth="2" strokeDasharray="3 2" />
      <circle cx="8" cy="8" r="1.8" className="fill-warn-mark" />
    </>
  ),
  unknown: (
    <>
      <circle cx="8" cy="8" r="6" fill="none" className="stroke-unknown-mark" strokeWidth="1.5" strokeDasharray="1 2" />
      <path
        d="M6.2 6.4a1.9 1.9 0 1 1 2.6 1.8c-.6.2-.8.5-.8 1.2M8 11v1.3"
        fill="none"
        className="stroke-unknown"
        strokeWidth="1.4"
      />
    </>
  ),
  stale: (
    <>
      <circle cx="8" cy="8" r="6" fill="none" className="stroke-unknown-mark" strokeWidth="1.5" />
      <path d="M8 4.5V8l2.4 1.6" fill="none" className="stroke-unknown" strokeWidth="1.4" />
    </>
  ),
};

/** Colour of a status as text. */
export const statusText: Readonly<Record<Status, string>> = {
  ok: "text-ok",
  warn: "text-warn",
  fail: "text-fail",
  impacted: "text-warn",
  unknown: "text-unknown",
  stale: "text-unknown",
};
