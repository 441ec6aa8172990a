"use client";

import { useText } from "../ui/language";

/** Nobody may take a simulated host for a real one. */
export function DemoTag() {
  const { t } = useText();
  return (
    <span
      title={t("demoLong")}
      className="rounded border border-dashed border-accent px-1 text-2xs font-semibold text-accent"
    >
      {t("demo")}
    </span>
  );
}
