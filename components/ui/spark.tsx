/** Counts as bars, oldest first. Drawn without axis: it only shows when something happened. */
export function Spark({ values, label }: { readonly values: readonly number[]; readonly label: string }) {
  const most = Math.max(1, ...values);
  const width = values.length * 3;
  return (
    <svg
      viewBox={`0 0 ${Math.max(3, width)} 16`}
      className="h-4 w-[90px] shrink-0"
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <path d={`M0 15.5H${width}`} className="stroke-line-strong" strokeWidth="1" />
      {values.map((value, i) =>
        value > 0 ? (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place in time.
            key={i}
            x={i * 3}
            width="2"
            y={15 - Math.max(2, (value / most) * 14)}
            height={Math.max(2, (value / most) * 14)}
            className="fill-accent"
          />
        ) : null,
      )}
    </svg>
  );
}
