/** Imported for its effect by each component that says one of these words (ui.test.ts holds them to it). */
import { addWords } from "../ui";
import { accounts } from "../words/accounts";

addWords(accounts);
