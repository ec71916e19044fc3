import { placeholdersForSecrets } from "./placeholders.ts";
import { PulumiMissingError, readConfigWithSecrets } from "./pulumi.ts";

/** What a run on this machine uses in place of the secrets that a stack's file holds encrypted. */
interface StackSecrets {
  /** Whole entries of the config, `namespace:key` -> value. */
  readonly overrides: Readonly<Record<string, unknown>>;
  /** One line that says which secrets are meant and what is used for them; undefined when there are none. */
  readonly notice: string | undefined;
  /** Paths of the secrets that have placeholders. */
  readonly placeholders: readonly string[];
}

/** Pulumi decrypts with one of these, https://www.pulumi.com/docs/iac/cli/environment-variables/ */
const PASSPHRASES = ["PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"];

/**
 * The values of a stack's secrets: the real ones when the environment has the passphrase and the Pulumi CLI is on PATH,
 * placeholders otherwise.
 *
 * @throws {UserError} when the CLI cannot decrypt them, for example with another passphrase
 * @throws {ProgramError} for a stack file that is not YAML
 */
export async function stackSecrets(directory: string, stack: string): Promise<StackSecrets> {
  const { overrides, replaced } = await placeholdersForSecrets(directory, stack);
  if (replaced.length === 0) return { overrides, notice: undefined, placeholders: [] };
  const names = replaced.join(", ");
  const real = await decrypted(directory, stack);
  if (real === undefined) {
    return {
      overrides,
      placeholders: replaced,
      notice: `Placeholders stand for what only Pulumi can decrypt: ${names}. With PULUMI_CONFIG_PASSPHRASE and the Pulumi CLI on PATH, the real values are used`,
    };
  }
  const values = Object.keys(overrides).flatMap((key) => (key in real ? [[key, real[key]] as const] : []));
  return {
    overrides: { ...overrides, ...Object.fromEntries(values) },
    placeholders: [],
    notice: `The real values of the stack's secrets are used: ${names}`,
  };
}

async function decrypted(
  directory: string,
  name: string,
): Promise<Readonly<Record<string, string>> | undefined> {
  if (!PASSPHRASES.some((variable) => process.env[variable] !== undefined)) return undefined;
  try {
    return await readConfigWithSecrets({ directory, name });
  } catch (error) {
    if (error instanceof PulumiMissingError) return undefined;
    throw error;
  }
}
