/** Sets TP_B to what makes a tool write each line at once, where that can be had. */
export const lineBuffered = `TP_B=; command -v stdbuf >/dev/null 2>&1 && TP_B='stdbuf -oL'`;
