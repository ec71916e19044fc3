import * as z from "zod/mini";
import { transitionSchema } from "./transition.ts";

/** An earlier message of the same alert: the id of its transition, and when it was published, ISO 8601 UTC. */
const referenceSchema = z.object({ id: z.string(), sent: z.string() });

/** The part of a CAP message that is decided with its transition, so that a redelivery publishes the same document. */
export const publicationSchema = z.object({
  /** When it is published, ISO 8601 UTC. */
  sent: z.string(),
  /** Earlier messages of the alert, oldest first. */
  references: z.array(referenceSchema),
  /** The alert goes on and is repeated in CAP alone: no subscriber is notified and nothing is archived. */
  renewal: z.optional(z.literal(true)),
});
export type Publication = Readonly<z.infer<typeof publicationSchema>>;

/** The CAP messages of an alert, oldest first, and the transition of the newest one. */
export const publishedSchema = z.object({ last: transitionSchema, messages: z.array(referenceSchema) });
