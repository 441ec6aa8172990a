import clsx from "clsx";
import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

const looks = {
  info: ["border-line-strong bg-surface text-text", Info, "text-accent"],
  warn: ["border-warn-mark bg-warn-soft text-text", TriangleAlert, "text-warn"],
  fail: ["border-fail-mark bg-fail-soft text-text", CircleAlert, "text-fail"],
} as const;

/** A sentence that must be seen. `fail` speaks up to screen readers by itself. */
export function Notice({
  look = "info",
  children,
  className,
}: {
  readonly look?: keyof typeof looks;
  readonly children: ReactNode;
  readonly className?: string;
}) {
  const [box, Icon, tint] = looks[look];
  return (
    <div
      role={look === "fail" ? "alert" : "note"}
      className={clsx("flex gap-2 rounded border px-3 py-2", box, className)}
    >
      <Icon aria-hidden="true" className={clsx("mt-0.5 size-4 shrink-0", tint)} />
      <div className="min-w-0 flex-1">{children}</div>
    </div>
  );
}
