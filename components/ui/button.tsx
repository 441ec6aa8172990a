import clsx from "clsx";
import type { ButtonHTMLAttributes, ReactNode } from "react";

const looks = {
  plain: "border border-line-strong bg-surface text-text hover:bg-sunken",
  primary: "border border-accent bg-accent text-accent-text hover:opacity-90",
  danger: "border border-fail-mark bg-surface text-fail hover:bg-fail-soft",
  quiet: "border border-transparent text-muted hover:bg-sunken hover:text-text",
} as const;

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: keyof typeof looks;
  readonly small?: boolean;
  readonly icon?: ReactNode;
}

/** A button. `type` is "button" unless asked otherwise: a forgotten type never submits a form. */
export function Button({ look = "plain", small, icon, className, children, type, ...rest }: ButtonProps) {
  return (
    <button
      type={type ?? "button"}
      className={clsx(
        "inline-flex shrink-0 items-center justify-center gap-1.5 rounded font-medium whitespace-nowrap disabled:cursor-not-allowed disabled:opacity-55",
        small ? "h-6 px-1.5 text-xs" : "h-8 px-2.5 text-sm",
        looks[look],
        className,
      )}
      {...rest}
    >
      {icon}
      {children}
    </button>
  );
}
