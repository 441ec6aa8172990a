/** Imported for its effect by each component that says one of these words (ui.test.ts holds them to it). */
import { addWords } from "../ui";
import { inventory } from "../words/inventory";

addWords(inventory);
