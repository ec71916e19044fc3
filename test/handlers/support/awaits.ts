import type { Clients } from "./alert-world.ts";

/** Runs around each await of a container on a service: a call, or the reading of what it answered. */
export type Gate = <Result>(effect: () => Promise<Result>) => Promise<Result>;

type Send = (command: unknown) => Promise<unknown>;

/** The services of a container, every await on them through a gate. */
export function throughGate({ s3, sns }: Clients, gate: Gate): Clients {
  const sendToS3 = s3.send as Send;
  const sendToSns = sns.send as Send;
  const gated = {
    s3: async (command: unknown) => {
      const answer = (await gate(() => sendToS3(command))) as {
        Body?: { transformToString(): Promise<string> };
      };
      const { Body } = answer;
      return Body
        ? { ...answer, Body: { transformToString: () => gate(() => Body.transformToString()) } }
        : answer;
    },
    sns: (command: unknown) => gate(() => sendToSns(command)),
  };
  return { s3: { send: gated.s3 as typeof s3.send }, sns: { send: gated.sns as typeof sns.send } };
}

export interface Trouble {
  /** The first await is 1. */
  readonly atAwait: number;
  /** Whether the call takes effect before the trouble comes. */
  readonly takesEffect: boolean;
  /** A function that has died does nothing any more; one that was answered an error goes on. */
  readonly kind: "death" | "error";
}

export interface TroubledGate {
  readonly gate: Gate;
  /** So far. */
  awaits(): number;
  hasMet(): boolean;
  isDead(): boolean;
}

/** A gate at which one await meets with trouble. */
export function troubledGate(trouble?: Trouble): TroubledGate {
  let awaits = 0;
  const gate: Gate = async (effect) => {
    awaits += 1;
    const current = awaits;
    if (trouble === undefined || current < trouble.atAwait) return effect();
    if (current > trouble.atAwait && trouble.kind === "error") return effect();
    if (current === trouble.atAwait && trouble.takesEffect) await effect();
    throw new Error(`${trouble.kind} at await ${trouble.atAwait}`);
  };
  const hasMet = () => trouble !== undefined && awaits >= trouble.atAwait;
  return { gate, awaits: () => awaits, hasMet, isDead: () => hasMet() && trouble?.kind === "death" };
}

/** Gates of several containers that take turns: each await is held until its container has the turn. */
export interface Turns {
  gate(container: string): Gate;
  /**
   * Runs the containers' work, one await at a time, in the order of `schedule`: names of containers, the last of
   * which then goes on to its end, and the others after it. A container that is done loses its turn.
   */
  run(work: Readonly<Record<string, () => Promise<unknown>>>, schedule: readonly string[]): Promise<void>;
}

export function createTurns(): Turns {
  const held = new Map<string, (() => void)[]>();
  const queueOf = (name: string) => {
    const queue = held.get(name) ?? [];
    held.set(name, queue);
    return queue;
  };
  /** Everything between two awaits on a service is microtasks. */
  const settle = () => new Promise((resolve) => setImmediate(resolve));

  return {
    gate: (name) => async (effect) => {
      await new Promise<void>((resolve) => queueOf(name).push(resolve));
      return effect();
    },
    async run(work, schedule) {
      const running = Promise.all(Object.values(work).map((start) => start()));
      const order = [...schedule];
      const rest = [schedule.at(-1) ?? "", ...Object.keys(work)];
      for (await settle(); ; await settle()) {
        const name = order.shift() ?? rest.find((each) => queueOf(each).length > 0);
        if (name === undefined) break;
        queueOf(name).shift()?.();
      }
      await running;
    },
  };
}
