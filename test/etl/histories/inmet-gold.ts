import type { Location } from "../../../handlers/weather/observation/location.ts";
import { portoAlegre } from "../../handlers/support/places.ts";
import type { Gold, GoldRow } from "./naive-gold.ts";

/** The figures' place under another name for each seed. */
export function placeOf(seed: number): Location {
  return { ...portoAlegre, id: `seed-${String(seed).padStart(4, "0")}` };
}

/** A place's rows without its name and what tells of the delivery: when the record arrived, and how many there were. */
export function figuresOf(gold: Gold, place: string): GoldRow[] {
  const rows = [...gold.values()].flat().filter(({ location }) => location === place);
  return rows.map(({ location: _, arrived_at: __, deliveries: ___, ...row }) => row);
}
