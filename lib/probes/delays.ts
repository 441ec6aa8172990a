/** How long a probe waits for more events before it is read again, ms: what `rereadOn` counts in. */

/** Long enough for the burst that one change makes (a bridge port that goes down makes eight lines in a few ms), short for a person. */
export const soon = 30;
/** What libvirt has to say after an event of its own. */
export const shortly = 100;
/** A source that begins says so a little late; sweeps of the same moment are let through first. */
export const afterGap = 500;
/** What changes often and tells little by itself. */
export const later = 1_000;
/** Forwarding tables: an entry a MAC, and each learning is an event. */
export const muchLater = 5_000;
