import { cpus } from "node:os";
import { evaluate } from "../handlers/weather/alerts/evaluate.ts";
import {
  type AlertState,
  INITIAL_STATE,
  parseState,
  serializeState,
} from "../handlers/weather/alerts/state.ts";
import type { Values } from "../handlers/weather/observation/fields.ts";
import { type CompiledPlan, compilePlan } from "../handlers/weather/rules/plan.ts";
import type { Rule } from "../handlers/weather/rules/rules.ts";

const LOCATIONS = 1000;
const MINUTES_OF_WINDOW = 72 * 60;
/** Places come one by one, as in life, so that their windows are not all copied in the same minute. */
const MINUTES_OF_ARRIVAL = 1080;
/** A quarter of a window and more: every series is copied once while it is measured. */
const MEASURED_MINUTES = 1200;
const START_MS = Date.UTC(2024, 3, 30);

/** Three metrics in windows of 72 h, one in a shorter one too, and a combination: what a demanding place watches. */
const RULES: readonly Rule[] = [
  {
    hazard: "rain",
    measure: { metric: "rainIntensity", over: "1h", as: "sum" },
    levels: { yellow: 20, orange: 30, red: 60 },
  },
  {
    hazard: "rain",
    measure: { metric: "rainIntensity", over: "72h", as: "sum" },
    levels: { orange: 150, red: 250 },
  },
  {
    hazard: "wind",
    measure: { metric: "windGust", over: "72h", as: "max", unit: "km/h" },
    levels: { yellow: 80, orange: 100, red: 120 },
  },
  {
    hazard: "fire",
    all: [
      {
        measure: { metric: "humidity", over: "72h", as: "mean" },
        levels: { orange: 30, red: 20 },
        below: true,
      },
      { measure: { metric: "temperature" }, levels: { orange: 30, red: 35 } },
    ],
  },
];

/** Runs observations of many places, a minute apart, through the decisions, and prints how fast and how large. */
export function benchAlerts(): void {
  const plan = compilePlan({ rules: RULES, timeZone: "America/Sao_Paulo", silences: [], yellow: "message" });
  console.log("npm run bench -- alerts");
  console.log(`node ${process.version}, ${cpus()[0]?.model ?? "unknown processor"}, one core`);
  console.log(`${LOCATIONS} places, ${RULES.length} rules, windows of 72 h, an observation a minute\n`);
  printMemory("at the start");

  const states: AlertState[] = [];
  run(states, plan, 0, MINUTES_OF_ARRIVAL + MINUTES_OF_WINDOW);
  printMemory("with all windows full");

  const { wall, cpu } = run(states, plan, MINUTES_OF_ARRIVAL + MINUTES_OF_WINDOW, MEASURED_MINUTES);
  printMemory("at the end");
  const perSecond = (seconds: number) =>
    Math.round((LOCATIONS * MEASURED_MINUTES) / seconds).toLocaleString("en");
  console.log(
    `\n${perSecond(wall)} observations a second by the clock, ${perSecond(cpu)} by the processor's time`,
  );
  printStored(states[0] ?? INITIAL_STATE);
}

/** Seconds that passed, and that the processor worked, garbage collection too. */
interface Seconds {
  readonly wall: number;
  readonly cpu: number;
}

/** Evaluates some minutes of all places, in the order of time. The time to make up the weather does not count. */
function run(states: AlertState[], plan: CompiledPlan, from: number, minutes: number): Seconds {
  let [wall, cpu] = [0, 0];
  for (let minute = from; minute < from + minutes; minute++) {
    const time = new Date(START_MS + minute * 60_000);
    const arrived = Math.min(LOCATIONS, Math.ceil((LOCATIONS * (minute + 1)) / MINUTES_OF_ARRIVAL));
    const observations = Array.from({ length: arrived }, (_, place) => ({
      location: `place-${place}`,
      time,
      values: weatherOf(place, minute),
    }));
    const startWall = process.hrtime.bigint();
    const startCpu = process.cpuUsage();
    for (const [place, observation] of observations.entries()) {
      states[place] = evaluate(states[place] ?? INITIAL_STATE, observation, plan).state;
    }
    const { user, system } = process.cpuUsage(startCpu);
    cpu += (user + system) / 1e6;
    wall += Number(process.hrtime.bigint() - startWall) / 1e9;
  }
  return { wall, cpu };
}

/** Made up, but with no two minutes alike: each takes an entry of its own in every window. */
function weatherOf(place: number, minute: number): Values {
  const noise = (salt: number) => ((minute * 7919 + place * 104_729 + salt * 1_299_709) % 1000) / 1000;
  const isRaining = (minute + place * 60) % 2880 < 600;
  return {
    humidity: Math.round((60 + 30 * Math.sin(minute / 230)) * 10 + noise(1) * 50) / 10,
    pressureSeaLevel: 1013.2,
    rainIntensity: isRaining ? Math.round(noise(2) * 1500) / 100 : Math.round(noise(2) * 10) / 100,
    temperature: Math.round((22 + 9 * Math.sin(minute / 230)) * 10 + noise(3) * 10) / 10,
    windDirection: Math.round(noise(4) * 360),
    windGust: Math.round(noise(5) * 250) / 10,
    windSpeed: Math.round(noise(6) * 120) / 10,
  };
}

/** After a garbage collection: what is in use, and not what waits to be freed. */
function printMemory(when: string): void {
  globalThis.gc?.();
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  const megabytes = [rss, heapUsed, arrayBuffers].map((bytes) => `${Math.round(bytes / 1e6)} MB`);
  console.log(`memory ${when}: rss ${megabytes[0]}, heap ${megabytes[1]}, windows ${megabytes[2]}`);
}

function printStored(state: AlertState): void {
  const start = process.hrtime.bigint();
  const json = serializeState(state);
  const written = process.hrtime.bigint();
  parseState(json);
  const read = process.hrtime.bigint();
  const milliseconds = (nanoseconds: bigint) => `${(Number(nanoseconds) / 1e6).toFixed(1)} ms`;
  console.log(
    `${Buffer.byteLength(json).toLocaleString("en")} bytes of JSON a place, ` +
      `written in ${milliseconds(written - start)}, read in ${milliseconds(read - written)}`,
  );
}
