import clsx from "clsx";
import { type InputHTMLAttributes, type ReactNode, useId } from "react";

/** A labelled control with hint and error. The control takes its id and description from the arguments of `children`. */
export function Field({
  label,
  hint,
  error,
  children,
}: {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly error?: ReactNode;
  readonly children: (control: {
    readonly id: string;
    readonly "aria-describedby": string | undefined;
    readonly "aria-invalid": boolean;
  }) => ReactNode;
}) {
  const id = useId();
  const note = `${id}-note`;
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-xs font-medium">
        {label}
      </label>
      {children({ id, "aria-describedby": hint || error ? note : undefined, "aria-invalid": Boolean(error) })}
      {(hint || error) && (
        <p id={note} className={error ? "text-xs text-fail" : "text-xs text-muted"}>
          {error ?? hint}
        </p>
      )}
    </div>
  );
}

/** A labelled box for one line of text. What is not named here goes to the box itself. */
export function TextField({
  label,
  hint,
  error,
  mono,
  className,
  ...input
}: {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly error?: ReactNode;
  /** Names, addresses, paths: in the script of commands. */
  readonly mono?: boolean;
} & Omit<InputHTMLAttributes<HTMLInputElement>, "id">) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => <input {...control} {...input} className={clsx("control", mono && "mono", className)} />}
    </Field>
  );
}
