import { WriteStream } from "node:tty";
import { styleText } from "node:util";
import type { Level } from "../handlers/weather/rules/rules.ts";

/** Of the 256 colours that most terminals have, the one that looks orange. The basic sixteen have none. */
const ORANGE = "\u001b[38;5;208m";
const DEFAULT_COLOR = "\u001b[39m";
const BITS_OF_256_COLORS = 8;

/** The text in bold and in the colour of its level, where standard output shows colours (NO_COLOR, FORCE_COLOR). */
export function colorOfLevel(level: Level, text: string): string {
  const bold = styleText("bold", text);
  if (level !== "orange") return styleText(level, bold);
  const hasOrange = bold !== text && WriteStream.prototype.getColorDepth() >= BITS_OF_256_COLORS;
  return hasOrange ? `${ORANGE}${bold}${DEFAULT_COLOR}` : styleText("yellow", bold);
}
