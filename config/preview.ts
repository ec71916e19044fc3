import { checkConfig } from "./parse.ts";
import { ConfigError } from "./problems.ts";
import type { StormwireConfig } from "./schema.ts";
import { previewWarnings, readStackFile } from "./warnings.ts";

/** What a preview says of a stack's config. */
export type ConfigPreview = { readonly warnings: readonly string[] } & (
  | { readonly config: StormwireConfig; readonly error?: undefined }
  | { readonly error: ConfigError }
);

/**
 * Checks a stack's config as Pulumi passes it. Config that is refused has its warnings, too, unless a key on its own is
 * wrong: then the rest of it cannot be read.
 *
 * @param directory of the stack's file
 */
export function previewConfig(
  values: Readonly<Record<string, string>>,
  stack: string,
  directory: string,
  now: Date,
): ConfigPreview {
  const { config, problems } = checkConfig(values, now);
  const warnings = config === undefined ? [] : previewWarnings(config, readStackFile(directory, stack));
  return config === undefined || problems.length > 0
    ? { warnings, error: new ConfigError(stack, problems) }
    : { warnings, config };
}
