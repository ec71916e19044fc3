import type { Suite } from "mocha";

/** Thrown when an engine, or what it needs, is not on this machine and cannot be installed. Its message says what and why. */
export class UnavailableError extends Error {
  override readonly name = "UnavailableError";
}

/**
 * A suite over an engine that `obtain` finds or installs. Where it is not to be had, the suite's tests are pending and
 * the reason is printed under the suite's name; any other error fails the suite.
 * @param timeoutMilliseconds of every test and hook of the suite, save for `obtain`, which may install
 */
export function describeEngine<Engine>(
  name: string,
  options: { obtain: () => Promise<Engine>; installMilliseconds: number; timeoutMilliseconds: number },
  tests: (this: Suite, engine: () => Engine) => void,
): void {
  describe(name, function () {
    this.timeout(options.timeoutMilliseconds);
    const obtained: Engine[] = [];

    before(`obtain ${name}`, async function () {
      this.timeout(options.installMilliseconds);
      try {
        obtained.push(await options.obtain());
      } catch (error) {
        if (!(error instanceof UnavailableError)) throw error;
        console.log(`    ${name} skipped: ${error.message}`);
        this.skip();
      }
    });

    tests.call(this, () => {
      const [engine] = obtained;
      if (engine === undefined) throw new Error(`${name} is used before it was obtained`);
      return engine;
    });
  });
}
