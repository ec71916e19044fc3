/**
 * A text, or a number that JSON has no way to write. Texts are matched so that what looks like a number in them stays; one
 * that does not end matches as well, or each quote in it would be tried as a beginning.
 */
const TEXT_OR_NO_NUMBER = /"(?:[^"\\]|\\.)*"?|[-+]?\b(?:nan|inf|infinity)\b/gi;

/**
 * The JSON of a body; undefined when it is not JSON. A bare `nan` or `inf` is read as null, which is unknown: Open-Meteo
 * writes one where a model has no value (https://github.com/open-meteo/open-meteo/issues/314), and the other values and
 * locations of that body are sound.
 */
export function parseBody(body: string): unknown {
  return (
    parse(body) ?? parse(body.replace(TEXT_OR_NO_NUMBER, (found) => (found[0] === '"' ? found : "null")))
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
