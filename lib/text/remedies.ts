import { remedyTitles } from "../remedies/titles";
import type { Language } from "../wording";

/** Name of a remedy for people; its id where this build does not know it. */
export const titleOfRemedy = (id: string, language: Language): string => remedyTitles.get(id)?.[language] ?? id;
