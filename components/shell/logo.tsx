/** A wire that comes in and spreads downwards: the tap root. */
export function Logo() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className="size-5">
      <rect width="32" height="32" rx="7" className="fill-accent" />
      <path
        d="M8 9h16M16 9v14M16 14l-6 5M16 14l6 5"
        fill="none"
        className="stroke-accent-text"
        strokeWidth="2.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
