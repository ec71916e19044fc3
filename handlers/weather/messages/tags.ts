/** Languages that messages are written in, as BCP 47 tags. */
export const LANGUAGE_TAGS = ["pt-BR", "en"] as const;
export type Language = (typeof LANGUAGE_TAGS)[number];
