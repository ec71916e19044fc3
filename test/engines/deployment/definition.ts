import * as z from "zod";
import type { Clients } from "./clients.ts";

/** What a resource is created from. */
export interface Creation<Inputs> extends Clients {
  /** Physical name, as the graph has it. */
  readonly name: string;
  readonly inputs: Inputs;
}

/** Creates a resource with the calls that AWS's provider makes. Returns the ARN that the service gave, where it tells one. */
export type Create<Inputs = unknown> = (creation: Creation<Inputs>) => Promise<string | undefined>;

export type Creates = Readonly<Record<string, Create>>;

/**
 * How a type of resource is created from its inputs, as Pulumi's provider names them. An input that is not in the shape, at
 * any depth, is an error: what the suite does not hand on must not go unnoticed.
 */
export function resource<Shape extends z.ZodRawShape>(
  shape: Shape,
  create: Create<z.output<z.ZodObject<Shape, z.core.$strict>>>,
): Create {
  const schema = z.strictObject(shape);
  return (creation) => {
    const parsed = schema.safeParse(creation.inputs);
    if (!parsed.success) throw new UnknownInputsError(z.prettifyError(parsed.error));
    return create({ ...creation, inputs: parsed.data });
  };
}

/** Thrown for inputs of another shape than the suite hands on; the message has the paths. */
export class UnknownInputsError extends Error {
  override readonly name = "UnknownInputsError";
}

/** Tags by name, as half of the services want them. */
export const tags = z.record(z.string(), z.string()).default({});

/** `[{ Key, Value }]`, as the other half wants them. */
export function tagList(byName: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(byName).map(([Key, Value]) => ({ Key, Value }));
}
