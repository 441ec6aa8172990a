import { type ReactNode, useId } from "react";

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
