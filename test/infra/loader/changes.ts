import { PEOPLE } from "./changes/people.ts";
import { PLACES_AND_RULES } from "./changes/places-and-rules.ts";
import { QUERIES } from "./changes/queries.ts";
import { SETTINGS } from "./changes/settings.ts";
import type { ConfigChange } from "./changes/stack.ts";
import { WEBHOOKS_AND_MESSAGES } from "./changes/webhooks-and-messages.ts";

/** In the order of docs/upgrading.md. */
export const CHANGES: readonly ConfigChange[] = [
  ...PEOPLE,
  ...PLACES_AND_RULES,
  ...WEBHOOKS_AND_MESSAGES,
  ...QUERIES,
  ...SETTINGS,
];
