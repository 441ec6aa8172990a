/** Colours of the page as the canvas needs them: read from the same variables, so that there is one palette. */
const names = [
  "surface",
  "sunken",
  "line",
  "line-strong",
  "text",
  "muted",
  "faint",
  "accent",
  "accent-soft",
  "warn",
  "warn-mark",
  "warn-soft",
  "fail",
  "fail-mark",
  "fail-soft",
  "fail-text",
  "unknown",
  "unknown-mark",
] as const;
export type Palette = Readonly<Record<(typeof names)[number], string>>;

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(names.map((n) => [n, style.getPropertyValue(`--${n}`).trim()])) as Palette;
}

/** Calls back whenever light turns to dark or back, by hand or by the system. Returns the way to stop. */
export function onPaletteChange(callback: () => void): () => void {
  const media = matchMedia("(prefers-color-scheme: dark)");
  const observer = new MutationObserver(callback);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  media.addEventListener("change", callback);
  return () => {
    observer.disconnect();
    media.removeEventListener("change", callback);
  };
}
