/** Something about the data folder or its key that a person has to mend. The message is one line and names the thing. */
export class StoreError extends Error {
  override readonly name = "StoreError";
}

/** Something else holds the database: whoever asked may try again, nothing is lost. */
export class DatabaseBusy extends Error {
  override readonly name = "DatabaseBusy";
}
