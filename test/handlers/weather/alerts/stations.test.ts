import { expect } from "chai";
import fc from "fast-check";
import {
  INITIAL_STATIONS,
  type LastSeen,
  type StationsState,
  watchStations,
} from "../../../../handlers/weather/alerts/stations.ts";

/** Hourly polls, three of which may bring nothing. */
const RULE = { silentAfterSeconds: 3 * 3600, pollSeconds: 3600 };

const hour = (hours: number) => new Date(Date.UTC(2024, 4, 27, hours));
const iso = (hours: number) => hour(hours).toISOString().replace(".000Z", "Z");

/** One watch of one station, `seen` in hours. */
function watch(state: StationsState, at: number, seen: number | null | undefined): StationsState {
  const known: LastSeen | undefined =
    seen === undefined ? undefined : { time: seen === null ? null : iso(seen), unwatched: {} };
  return watchStations(state, new Map([["poa", known]]), hour(at), RULE);
}

/** Watches each hour; `seen` by hour. What is pending adds up. */
const watchAll = (seen: readonly (number | null)[]) =>
  seen.reduce<StationsState>((state, last, at) => watch(state, at, last), INITIAL_STATIONS);

describe("the watch over stations", () => {
  it("remembers nothing of a station that reports", () => {
    expect(watch(INITIAL_STATIONS, 1, 0)).to.equal(INITIAL_STATIONS);
  });

  it("calls a station silent once when its last observation is too old, and not a moment before", () => {
    const still = watchAll([0, 0, 0, 0]);
    const silent = watch(still, 4, 0);
    expect(still).to.equal(INITIAL_STATIONS);
    expect(silent.pending).to.deep.equal([
      { kind: "silent", location: "poa", time: iso(4), lastSeen: iso(0), polls: 3 },
    ]);
    expect(silent.stations).to.deep.equal({ poa: { silentSince: iso(0) } });
    expect(watch(silent, 5, 0)).to.equal(silent);
  });

  it("calls it back once, with what it had last said before", () => {
    const back = watchAll([0, 0, 0, 0, 0, 0, 5, 6, 7]);
    expect(back.pending.slice(1)).to.deep.equal([
      { kind: "back", location: "poa", time: iso(6), lastSeen: iso(0), polls: 4 },
    ]);
    expect(back.stations).to.deep.equal({});
  });

  it("does not take an observation that is itself too old for a return", () => {
    const silent = watchAll([0, 0, 0, 0, 0]);
    expect(watch(silent, 9, 5)).to.equal(silent);
    expect(watch(silent, 9, 6).pending).to.have.lengthOf(2);
  });

  it("counts one poll at least when a belated observation closes most of the gap", () => {
    const back = watch(watchAll([0, 0, 0, 0, 0]), 4, 1);
    expect(back.pending.at(-1)).to.deep.include({ kind: "back", polls: 1 });
  });

  it("counts from the first watch for a station that was never seen", () => {
    const waiting = watchAll([null, null, null, null]);
    const silent = watch(waiting, 4, null);
    expect([waiting.stations, waiting.pending]).to.deep.equal([{ poa: { firstWatched: iso(0) } }, []]);
    expect(silent.pending).to.deep.equal([{ kind: "silent", location: "poa", time: iso(4), polls: 3 }]);
    const back = watch(silent, 6, 5);
    expect(back.pending.slice(1)).to.deep.equal([{ kind: "back", location: "poa", time: iso(6), polls: 4 }]);
    expect(back.stations).to.deep.equal({});
  });

  it("forgets that a station was never seen once it is", () => {
    expect(watch(watchAll([null, null]), 2, 1).stations).to.deep.equal({});
  });

  it("leaves a station alone whose last observation is not known, and forgets one that has left the config", () => {
    const silent = watchAll([0, 0, 0, 0, 0]);
    expect(watch(silent, 5, undefined)).to.equal(silent);
    expect(watchStations(silent, new Map(), hour(5), RULE).stations).to.deep.equal({});
  });

  it("tells of silence and return in turn, whatever comes; a watch that comes twice or late calls nobody silent", () => {
    const step = fc.record({ at: fc.integer({ min: 0, max: 30 }), lag: fc.integer({ min: 0, max: 9 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let state = INITIAL_STATIONS;
        let seen: number | null = null;
        for (const { at, lag } of steps.toSorted((one, other) => one.at - other.at)) {
          if (lag <= at && at - lag > (seen ?? -1)) seen = at - lag;
          state = watch(state, at, seen);
          expect(watch(state, at, seen), "twice").to.equal(state);
          const late = watch(state, Math.max(0, at - 4), seen).pending.slice(state.pending.length);
          expect(
            late.filter(({ kind }) => kind === "silent"),
            "late",
          ).to.deep.equal([]);
        }
        const kinds = state.pending.map(({ kind }) => kind);
        expect(kinds).to.deep.equal(kinds.map((_, index) => (index % 2 === 0 ? "silent" : "back")));
      }),
    );
  });

  /** Hourly readings of which rain was good last at an hour; null: never. */
  const measured = (state: StationsState, now: number, rain: number | null | "good", seen = now) =>
    watchStations(
      state,
      new Map([
        [
          "poa",
          {
            time: iso(seen),
            unwatched: rain === "good" ? {} : { rainIntensity: rain === null ? null : iso(rain) },
          },
        ],
      ]),
      hour(now),
      RULE,
    );

  it("notifies once of a measure that a reporting station leaves out, and once when it is back", () => {
    let state = INITIAL_STATIONS;
    for (let now = 1; now < 10; now++) state = measured(state, now, 0);
    state = measured(state, 10, "good");
    state = measured(state, 11, "good");
    expect(state.pending).to.deep.equal([
      { kind: "silent", location: "poa", metric: "rainIntensity", time: iso(4), lastSeen: iso(0), polls: 3 },
      { kind: "back", location: "poa", metric: "rainIntensity", time: iso(10), lastSeen: iso(0), polls: 9 },
    ]);
    expect(state.measures).to.deep.equal({});
  });

  it("notifies of a measure that was never observed, counted from the first watch", () => {
    let state = INITIAL_STATIONS;
    for (let now = 1; now < 6; now++) state = measured(state, now, null);
    expect(state.pending).to.deep.equal([
      { kind: "silent", location: "poa", metric: "rainIntensity", time: iso(5), polls: 3 },
    ]);
  });

  it("has one notice for a silent station, and one for what is still missing when it is back", () => {
    let state = INITIAL_STATIONS;
    for (let now = 1; now < 6; now++) state = measured(state, now, "good", 0);
    expect(state.pending.map(({ kind, metric }) => [kind, metric])).to.deep.equal([["silent", undefined]]);
    state = measured(state, 7, 0);
    expect(state.pending.slice(1).map(({ kind, metric }) => [kind, metric])).to.deep.equal([
      ["back", undefined],
      ["silent", "rainIntensity"],
    ]);
  });
});
