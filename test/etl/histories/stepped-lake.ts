import type { Lake } from "../../../etl/lake.ts";

type StepHook = (index: number, name: string) => Promise<void> | void;

/** What stands between two steps of a run. Either may throw: the run is killed there. */
export interface Hooks {
  /** Before step `index`, from 0; `name` is e.g. `read KEY`. */
  readonly beforeStep?: StepHook | undefined;
  readonly afterStep?: StepHook | undefined;
}

/** A lake every access of which is a step. Several keys are removed one by one: S3 may remove some and not the others. */
export function steppedLake(lake: Lake, { beforeStep, afterStep }: Hooks): Lake {
  let steps = 0;
  async function step<Result>(name: string, act: () => Promise<Result>): Promise<Result> {
    const index = steps++;
    await beforeStep?.(index, name);
    const result = await act();
    await afterStep?.(index, name);
    return result;
  }
  return {
    list: (prefix) => step(`list ${prefix}`, () => lake.list(prefix)),
    read: (key) => step(`read ${key}`, () => lake.read(key)),
    write: (key, body) => step(`write ${key}`, () => lake.write(key, body)),
    async remove(keys) {
      for (const key of keys) await step(`remove ${key}`, () => lake.remove([key]));
    },
  };
}

/** Thrown where a run is killed. */
export class Killed extends Error {
  override readonly name = "Killed";
}

/** Hooks that kill a run before or after one of its steps: after, the lake did what the run never heard of. */
export function killAt(step: number, when: "before" | "after"): Hooks {
  return {
    [when === "before" ? "beforeStep" : "afterStep"]: (index: number, name: string) => {
      if (index === step) throw new Killed(`killed ${when} step ${index}, ${name}`);
    },
  };
}
