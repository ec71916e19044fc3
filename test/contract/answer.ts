import type { World } from "./backend.ts";

/** Name of the error that a call is rejected with, `taken` when it is not rejected. Anything but a rejection is thrown. */
export async function answerOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "taken";
  } catch (error) {
    if (error instanceof Error && "$metadata" in error && !isTransportFault(error)) return error.name;
    throw error;
  }
}

/** Whether a call failed without an answer that names an error, as when a connection breaks. Errors of AWS have a name. */
export function isTransportFault(error: unknown): boolean {
  return error instanceof Error && "$metadata" in error && error.name === "Error";
}

/** Waits for a new policy to count, where that takes time: until a call that it allows is taken. */
export async function onceTaken(world: World, call: () => Promise<unknown>): Promise<void> {
  await world.pass(1, { until: async () => (await answerOf(call())) === "taken" });
}
