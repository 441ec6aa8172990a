import { Button } from "./button";
import { useText } from "./language";

/** Under a list that shows its first rows only: how many are left, and all of them at a click. Nothing where none is left. */
export function More({ left, onAll }: { readonly left: number; readonly onAll: () => void }) {
  const { t } = useText();
  if (left <= 0) return null;
  return (
    <div className="border-t border-line p-2 text-center">
      <Button look="quiet" onClick={onAll}>
        {t("more", { count: left })}
      </Button>
    </div>
  );
}
