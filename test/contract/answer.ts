/** Name of the error that a call is refused with, `taken` when it is not refused. Anything but a refusal is thrown. */
export async function answerOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "taken";
  } catch (error) {
    if (error instanceof Error && "$metadata" in error) return error.name;
    throw error;
  }
}
