import { expect } from "chai";

/** What a promise or function throws; fails the test when it does not. */
export async function rejection(attempt: () => unknown): Promise<Error> {
  try {
    await attempt();
  } catch (error) {
    expect(error).to.be.instanceOf(Error);
    return error as Error;
  }
  throw new Error("expected a rejection, but it succeeded");
}
