"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "./button";
import { useText } from "./language";

/** Copies a text, and says whether that worked: a clipboard may be refused (no HTTPS), and then the text must be selected by hand. */
export function CopyButton({
  text,
  label,
  iconOnly,
}: {
  readonly text: string | (() => Promise<string>);
  readonly label?: string;
  readonly iconOnly?: boolean;
}) {
  const { t } = useText();
  const [state, setState] = useState<"idle" | "done" | "failed">("idle");
  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), 2500);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async () => {
    try {
      await toClipboard(typeof text === "string" ? text : await text());
      setState("done");
    } catch {
      setState("failed");
    }
  };
  const name = label ?? t("copy");
  const said = state === "done" ? t("copied") : state === "failed" ? t("copyFailed") : name;
  return (
    <Button
      small
      look={iconOnly ? "quiet" : "plain"}
      onClick={() => void copy()}
      aria-label={iconOnly ? said : undefined}
      title={iconOnly ? said : undefined}
      icon={state === "done" ? <Check className="size-3.5 text-ok" /> : <Copy className="size-3.5" />}
    >
      {iconOnly && state !== "failed" ? null : said}
      <span aria-live="polite" className="sr-only">
        {state === "idle" ? "" : said}
      </span>
    </Button>
  );
}

/** Pages over plain HTTP have no navigator.clipboard; a selected text area still copies there. */
async function toClipboard(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "sr-only";
  (document.querySelector("dialog[open]") ?? document.body).append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (!done) throw new Error("clipboard refused");
}
