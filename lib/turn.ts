/** Runs pieces of work one after another, in the order in which they were asked for; a failed one does not stop the next. */
export type InTurn = <Result>(work: () => Promise<Result>) => Promise<Result>;

export function createTurn(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work, work);
    last = done;
    return done;
  };
}
