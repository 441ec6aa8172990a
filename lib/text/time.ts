import type { Language } from "../wording";

const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
] as const;

const names: Record<Language, Record<(typeof units)[number][0], string>> = {
  en: { d: "d", h: "h", min: "min", s: "s" },
  zh: { d: "天", h: "小时", min: "分", s: "秒" },
};

/** A length of time in its two largest units: "2 h 5 min". Under a second: "0 s". */
export function duration(ms: number, language: Language): string {
  let rest = Math.max(0, Math.floor(ms / 1000)) * 1000;
  const parts: string[] = [];
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    if (count > 0) parts.push(language === "zh" ? `${count}${names.zh[unit]}` : `${count} ${names.en[unit]}`);
    else if (parts.length > 0) break;
    rest -= count * size;
    if (parts.length === 2) break;
  }
  if (parts.length === 0) return language === "zh" ? "0秒" : "0 s";
  return parts.join(language === "zh" ? "" : " ");
}

/** How long ago, coarse: one unit. Times ahead of us (clocks differ) read "just now". */
export function ago(at: number, now: number, language: Language): string {
  const passed = now - at;
  if (passed < 5000) return language === "zh" ? "刚刚" : "just now";
  for (const [unit, size] of units) {
    const count = Math.floor(passed / size);
    if (count > 0) return language === "zh" ? `${count}${names.zh[unit]}前` : `${count} ${names.en[unit]} ago`;
  }
  return language === "zh" ? "刚刚" : "just now";
}

const two = (n: number) => String(n).padStart(2, "0");

/** "14:03:09" in the reader's own time zone. */
export function clock(at: number): string {
  const d = new Date(at);
  return `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
}

/** "2026-02-01 14:03:09 +01:00": exact, sorts, and says its zone, so that it can go into a ticket. */
export function exact(at: number): string {
  if (!Number.isFinite(at)) return "-";
  const d = new Date(at);
  const offset = -d.getTimezoneOffset();
  const zone = `${offset < 0 ? "-" : "+"}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())} ${clock(at)} ${zone}`;
}
