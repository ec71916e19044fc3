import type { Transition } from "../alerts/transition.ts";
import type { Field } from "../observation/fields.ts";
import type { Level } from "../rules/rules.ts";
import type { Language } from "./tags.ts";

/** All that a rule can measure: the fields of an observation and what is derived from them, in °C. */
export type MetricName = Field | "heatIndex" | "windChill" | "humidex";

/** The words of one language. Texts are complete sentences or labels; values are already formatted. */
export interface Words {
  readonly language: Language;
  /** BCP 47 tag for Intl. */
  readonly tag: string;
  readonly levels: Readonly<Record<Level, string>>;
  /** By hazard of the presets; another hazard is called by its own name. */
  readonly hazards: Readonly<Record<string, string>>;
  readonly measures: Readonly<Record<MetricName, string>>;
  /** Where several measures share one SMS; one without a short name keeps its own. */
  readonly shortMeasures: Readonly<Partial<Record<MetricName, string>>>;
  readonly aggregates: Readonly<Record<"max" | "min" | "mean", string>>;
  readonly windowUnits: Readonly<Record<"s" | "m" | "h" | "d", string>>;
  /** A value over a window, e.g. "101.4 mm in 24 h". */
  readonly within: (reading: string, window: string) => string;
  readonly limit: (threshold: string) => string;
  /** Instead of `limit` where the danger lies below it. */
  readonly below: (threshold: string) => string;
  /** Instead of `limit` at the end of an alert: the value fell below it, or rose above it. */
  readonly fellBelow: (threshold: string) => string;
  readonly roseAbove: (threshold: string) => string;
  /** First words of an SMS, up to the location. */
  readonly sms: Readonly<Record<AlertKind, (level: string, hazard: string) => string>>;
  /** Between those and the location's name. */
  readonly at: string;
  /** Marks an alert, or a value, that rests on a doubtful value. */
  readonly unconfirmed: string;
  readonly since: (time: string) => string;
  /** Since when the present level, and since when the alert. */
  readonly levelSince: (level: string, time: string, alertTime: string) => string;
  readonly monthFormat: "2-digit" | "short";
  /** A date and time, with or without the year: "2 May 02:00". */
  readonly dateTime: (parts: DateTimeParts) => string;
  /** Whose levels the observation is compared with: never a warning of theirs. */
  readonly observedScale: (scale: string) => string;
  readonly email: EmailWords;
  readonly history: HistoryWords;
  readonly digest: DigestWords;
  readonly exercise: ExerciseWords;
  readonly station: StationWords;
  readonly cap: CapWords;
  readonly drill: DrillWords;
  /** How to change what one gets, and how to leave. */
  readonly leave: string;
}

/** What an alert message announces; `return` is an escalation to a level that was announced before. */
export type AlertKind = Transition["kind"] | "return";

/** Of a local time: numbers of two digits, a month in letters, the time zone's name where it is asked for. */
interface DateTimeParts {
  readonly day: string;
  readonly month: string;
  readonly year?: string | undefined;
  readonly clock: string;
  readonly zone?: string | undefined;
}

interface EmailWords {
  readonly headline: Readonly<Record<AlertKind, (level: string, hazard: string, location: string) => string>>;
  readonly location: string;
  readonly level: string;
  /** Label of the level of an all-clear. */
  readonly highestLevel: string;
  readonly atScale: (level: string, scale: string) => string;
  readonly observed: string;
  /** Label over the conditions of a combined rule. */
  readonly together: string;
  /** What an unconfirmed alert means. */
  readonly unconfirmed: string;
  readonly time: string;
  /** Labels of when the alert started, and when its present level was reached. */
  readonly since: string;
  readonly levelSince: string;
  readonly disclaimer: (scale: string) => string;
}

interface HistoryWords {
  /** Over the sums of a metric in mm/h. */
  readonly sums: (name: string, unit: string) => string;
  /** Over the hours' extremes of any other metric. */
  readonly extremes: (name: string, unit: string) => string;
  readonly min: string;
  readonly max: string;
  readonly sum: string;
  readonly missing: (hours: number) => string;
}

interface DigestWords {
  readonly title: (time: string) => string;
  /** Said only where every hazard is watched. */
  readonly quiet: string;
  /** Where a part of a window is unknown. */
  readonly quietAsFarAsKnown: string;
  /** After hazards that are not watched. */
  readonly othersQuiet: string;
  readonly nothingWatched: string;
  readonly unwatched: (hazards: string) => string;
  /** Without a time, there was no data yet. */
  readonly unwatchedSince: (hazards: string, time: string | undefined) => string;
  /** Of hazards whose data do not reach back far enough to say that nothing is going on. */
  readonly knownSince: (hazards: string, time: string) => string;
  /** Heading of the hazards that are not watched, or not over the whole of their windows. */
  readonly watch: string;
  readonly unknown: string;
  readonly more: (count: number) => string;
  readonly since: (time: string) => string;
  /** Since when the present level, where the alert began before. */
  readonly levelSince: (time: string, alertTime: string) => string;
  /** Of a station. */
  readonly silent: (time: string) => string;
  /** For a location without alerts now that had one during the day. */
  readonly had: (event: string) => string;
  /** Headings of a location in the e-mail. */
  readonly active: string;
  readonly now: (time: string) => string;
  readonly day: string;
  readonly events: string;
  readonly station: (time: string) => string;
  /** Added to a value of the day when some of its hours are unknown. */
  readonly known: (hours: number) => string;
  readonly kinds: Readonly<Record<Transition["kind"], string>>;
  readonly fields: Readonly<Record<DigestField, string>>;
}

/** Fields that a digest shows. */
export type DigestField =
  | "temperature"
  | "humidity"
  | "windSpeed"
  | "windGust"
  | "rainIntensity"
  | "snowIntensity";

interface DrillWords {
  /** Last in a text. */
  readonly note: string;
  readonly explanation: string;
  readonly location: string;
  readonly time: string;
}

/** What marks a message as a drill. */
interface ExerciseWords {
  /** Before an SMS, a subject and a headline. */
  readonly mark: string;
  /** First and last line of an e-mail. */
  readonly line: string;
}

/** For those who run the pipeline. */
interface StationWords {
  readonly subject: Readonly<Record<"silent" | "back", (location: string) => string>>;
  /** A measure of a station, e.g. "rain at Porto Alegre". */
  readonly measure: (measure: string, location: string) => string;
  readonly measureSubject: Readonly<Record<"silent" | "back", (measure: string) => string>>;
  readonly silent: (location: string, polls: number) => string;
  readonly back: (location: string, polls: number) => string;
  readonly lastSeen: string;
  readonly never: string;
  readonly noticed: string;
  /** What happens to the alerts of the location meanwhile, and afterwards. */
  readonly consequence: Readonly<Record<"silent" | "back", string>>;
  /** The same for the alerts that need a measure. */
  readonly measureConsequence: Readonly<Record<"silent" | "back", string>>;
}

/** Texts of a CAP message, for the public. */
interface CapWords {
  readonly senderName: string;
  readonly instruction: string;
}
