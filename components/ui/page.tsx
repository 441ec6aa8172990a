import clsx from "clsx";
import type { ReactNode } from "react";

/** A page with a title line, its actions at the right end, and a body of readable width. */
export function Page({
  title,
  actions,
  children,
  narrow,
}: {
  readonly title: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  readonly narrow?: boolean;
}) {
  return (
    <main className="min-h-0 flex-1 overflow-y-auto">
      <div className={clsx("mx-auto w-full px-4 py-4", narrow ? "max-w-3xl" : "max-w-7xl")}>
        <div className="mb-3 flex min-h-8 flex-wrap items-center gap-2">
          <h1 className="mr-auto text-base font-semibold">{title}</h1>
          {actions}
        </div>
        {children}
      </div>
    </main>
  );
}

/** What stands where there is nothing yet. */
export function Empty({ title, children }: { readonly title: ReactNode; readonly children?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-2 px-6 py-14 text-center">
      <p className="text-base font-medium">{title}</p>
      {children && <div className="flex max-w-md flex-col items-center gap-3 text-muted">{children}</div>}
    </div>
  );
}

/** Rows that are on their way: grey lines of about the right size, so that nothing jumps when they come. */
export function Skeleton({ rows, label }: { readonly rows: number; readonly label: string }) {
  return (
    <div role="status" aria-label={label} className="flex flex-col gap-px">
      {Array.from({ length: rows }, (_, i) => `row-${i}`).map((key) => (
        <div key={key} className="flex h-10 items-center gap-4 px-3">
          <div className="h-2.5 w-40 max-w-1/4 rounded bg-line" />
          <div className="h-2.5 flex-1 rounded bg-line" />
        </div>
      ))}
    </div>
  );
}
