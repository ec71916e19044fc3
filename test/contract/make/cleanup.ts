/** Names of errors that say that there is nothing to take away: every service has its own. */
const GONE = /NotFound|NoSuch|NonExistent|DoesNotExist/;

/** Thrown, with the service's error as its cause, for a resource that could not be taken away. */
export class LeftBehindError extends Error {
  override readonly name = "LeftBehindError";

  /** @param resource e.g. `topic stormwire-contract-0123abcd-alerts` */
  constructor(resource: string, cause: unknown) {
    super(
      `${resource} is left behind: ${cause instanceof Error ? `${cause.name}: ${cause.message}` : cause}`,
      {
        cause,
      },
    );
  }
}

/** What has been made, and how it is taken away. */
export class Cleanup {
  readonly #tasks: (readonly [resource: string, task: () => Promise<unknown>])[] = [];

  /** To be called before the resource is made, where its name is known: a call whose answer got lost may have made it. */
  add(resource: string, task: () => Promise<unknown>): void {
    this.#tasks.push([resource, task]);
  }

  /**
   * Takes everything away, last things first; what cannot be taken away does not keep the rest from it.
   * @returns an error for each thing that is left behind
   */
  async run(): Promise<LeftBehindError[]> {
    const left: LeftBehindError[] = [];
    for (let next = this.#tasks.pop(); next !== undefined; next = this.#tasks.pop()) {
      const [resource, task] = next;
      try {
        await task();
      } catch (error) {
        if (!(error instanceof Error && GONE.test(error.name)))
          left.push(new LeftBehindError(resource, error));
      }
    }
    return left;
  }
}
