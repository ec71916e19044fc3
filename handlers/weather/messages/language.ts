import type { MeasuredField } from "../derived.ts";
import type { Level } from "../rules.ts";
import type { Transition } from "../state.ts";
import { en } from "./en.ts";
import { ptBr } from "./pt-br.ts";

/** The words of one language. Texts are complete sentences or labels; the figures come already formatted. */
export interface Words {
  readonly language: Language;
  /** BCP 47 tag for Intl. */
  readonly tag: string;
  readonly levels: Readonly<Record<Level, string>>;
  /** By hazard of the presets; another hazard is called by its own name. */
  readonly hazards: Readonly<Record<string, string>>;
  /** Says which measure a figure is, where the hazard does not. */
  readonly measures: Readonly<Partial<Record<MeasuredField, string>>>;
  readonly aggregates: Readonly<Record<"max" | "min" | "mean", string>>;
  readonly windowUnits: Readonly<Record<"s" | "m" | "h" | "d", string>>;
  /** A figure over a window, e.g. "101.4 mm in 24 h". */
  readonly within: (figure: string, window: string) => string;
  readonly limit: (threshold: string) => string;
  readonly escalated: (level: string) => string;
  readonly continues: (level: string) => string;
  readonly ended: string;
  readonly since: (time: string) => string;
  /** Whose levels the observation is compared with: never a warning of theirs. */
  readonly observedScale: (scale: string) => string;
  readonly email: EmailWords;
  readonly digest: DigestWords;
  readonly leave: string;
}

interface EmailWords {
  readonly headline: Readonly<
    Record<Transition["kind"], (level: string, hazard: string, place: string) => string>
  >;
  readonly place: string;
  readonly observed: string;
  readonly threshold: string;
  readonly time: string;
  readonly since: string;
  readonly disclaimer: (scale: string) => string;
}

interface DigestWords {
  readonly title: (time: string) => string;
  readonly quiet: string;
  readonly unknown: string;
  readonly more: (count: number) => string;
  readonly temperature: string;
  readonly humidity: string;
  readonly wind: string;
  readonly gust: string;
  readonly rain: string;
  readonly rainDay: string;
  readonly at: (time: string) => string;
}

/** Languages that people can be told in. */
export const LANGUAGE_TAGS = ["pt-BR", "en"] as const;
export type Language = (typeof LANGUAGE_TAGS)[number];

const LANGUAGES: Readonly<Record<Language, Words>> = { "pt-BR": ptBr, en };

export function wordsOf(language: Language): Words {
  return LANGUAGES[language];
}
