import { en } from "./en.ts";
import { ptBr } from "./pt-br.ts";
import type { Language } from "./tags.ts";
import type { Words } from "./words.ts";

const LANGUAGES: Readonly<Record<Language, Words>> = { "pt-BR": ptBr, en };

export function wordsOf(language: Language): Words {
  return LANGUAGES[language];
}
