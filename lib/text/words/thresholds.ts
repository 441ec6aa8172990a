/** Thresholds of checks: their tab, and where they are named elsewhere. */
export const thresholds = {
  thresholdNotDefault: { en: "{value} (default {usual})", zh: "{value}（默认 {usual}）" },
  judgedBy: { en: "Threshold", zh: "阈值" },
} as const;
