"use client";

import "@/lib/text/late/acting";
import type { UiKey } from "@/lib/text/ui";
import type { MaskChoice } from "@/lib/wire/rest";
import { useText } from "../ui/language";

const choices: readonly (readonly [keyof MaskChoice, UiKey])[] = [
  ["macs", "maskMacs"],
  ["addresses", "maskAddresses"],
  ["names", "maskNames"],
];

/** What of the picture is masked before it is kept. */
export function MaskFields({
  mask,
  onChange,
}: {
  readonly mask: MaskChoice;
  readonly onChange: (mask: MaskChoice) => void;
}) {
  const { t } = useText();
  const box = (key: keyof MaskChoice, label: UiKey) => (
    <label key={key} className="flex items-center gap-2">
      <input type="checkbox" checked={mask[key]} onChange={(e) => onChange({ ...mask, [key]: e.target.checked })} />
      {t(label)}
    </label>
  );
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 font-medium">{t("maskTitle")}</legend>
      <div className="flex flex-wrap gap-x-5 gap-y-1">
        {choices.map(([key, label]) => box(key, label))}
        {mask.macs && box("keepVendor", "maskVendor")}
      </div>
      <p className="text-xs text-muted">{t("maskHint")}</p>
    </fieldset>
  );
}
