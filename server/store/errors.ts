/** Something about the data folder or its key that a person has to mend. The message is one line and names the thing. */
export class StoreError extends Error {
  override readonly name = "StoreError";
}
