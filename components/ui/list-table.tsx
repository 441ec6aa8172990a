"use client";

import clsx from "clsx";
import { type ReactNode, useState } from "react";
import type { Load } from "../api/use-load";
import { Confirm } from "./confirm";
import { useText } from "./language";
import { Loaded } from "./loaded";

export interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => ReactNode;
  /** Of each cell. */
  readonly className?: string | ((row: Row) => string);
}

/** What is asked before something happens to a row that cannot be taken back. */
export interface Question {
  readonly title: string;
  readonly action: string;
  readonly text: string;
  readonly run: () => Promise<unknown>;
}

/**
 * A list that was loaded, as a table: loading, failed with a way to try again, empty, or its rows. `actions` draws the last cell of a row; what it hands to
 * `ask` is confirmed first, then done, and the list is loaded again.
 */
export function ListTable<Data, Row extends { readonly id: string }>({
  load,
  reload,
  rowsOf,
  columns,
  actions,
  empty,
  skeleton = 2,
  rowProps,
  className,
}: {
  readonly load: Load<Data>;
  readonly reload: () => void;
  readonly rowsOf: (data: Data) => readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly actions: (row: Row, ask: (question: Question) => void) => ReactNode;
  readonly empty?: ReactNode;
  /** Grey lines while it loads. */
  readonly skeleton?: number;
  readonly rowProps?: (row: Row) => { readonly className?: string; readonly "data-incident"?: string };
  readonly className?: string;
}) {
  // Long: a third of it says what it is given; states of one list belong together.
  const [question, setQuestion] = useState<Question>();
  return (
    <>
      <Loaded load={load} retry={reload} rows={skeleton}>
        {(data) => {
          const rows = rowsOf(data);
          if (rows.length === 0 && empty !== undefined) return empty;
          return (
            <div className={clsx("overflow-x-auto", className)}>
              <table className="data">
                <Head columns={columns} />
                <tbody>
                  {rows.map((row) => (
                    <tr key={row.id} {...rowProps?.(row)}>
                      {columns.map(({ head, cell, className: look }) => (
                        <td key={head} className={typeof look === "function" ? look(row) : look}>
                          {cell(row)}
                        </td>
                      ))}
                      <td className="text-right">{actions(row, setQuestion)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          );
        }}
      </Loaded>
      {question && (
        <Confirm
          title={question.title}
          action={question.action}
          onClose={() => setQuestion(undefined)}
          onConfirm={async () => {
            await question.run();
            reload();
          }}
        >
          <p>{question.text}</p>
        </Confirm>
      )}
    </>
  );
}

function Head<Row>({ columns }: { readonly columns: readonly Column<Row>[] }) {
  const { t } = useText();
  return (
    <thead>
      <tr>
        {columns.map(({ head }) => (
          <th key={head} scope="col">
            {head}
          </th>
        ))}
        <th scope="col">
          <span className="sr-only">{t("actions")}</span>
        </th>
      </tr>
    </thead>
  );
}
