/**
 * What happens at a place that a change touches, gentlest first.
 * - joins   something is attached to it or leaves it; what passes it passes on
 * - starts  a guest begins to run; it answers when it has booted
 * - opens   what did not pass will pass; nothing that passes is interrupted
 * - blinks  it is interrupted for a moment and comes back by itself
 * - moves   its frames go another way from then on
 * - cuts    it passes nothing from then on
 */
export const effects = ["joins", "starts", "opens", "blinks", "moves", "cuts"] as const;
export type Effect = (typeof effects)[number];

/** How hard an effect is, for comparing: the place in `effects`. */
export const harshness = (effect: Effect): number => effects.indexOf(effect);

/** A place on the host by what a change calls it. `bridges`: every Linux bridge. `host`: no single interface. */
export type Target =
  | { readonly device: string; readonly netns?: string | undefined }
  | { readonly guest: string }
  | { readonly mac: string }
  | { readonly ovs: string }
  | { readonly all: "bridges" | "host" };

export interface Touch {
  readonly what: Target;
  readonly effect: Effect;
}

/** Two values of which one lets pass: the effect of setting that one, or the other. */
export const opensOrCuts = (opens: boolean): Effect => (opens ? "opens" : "cuts");
