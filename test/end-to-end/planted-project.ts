import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { projectDirectory } from "./command.ts";
import { PLANTED } from "./planted.ts";

/** A folder that is the project, with one stack more: `planted`, which is `local` with every kind of secret. */
export async function plantedProject(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "stormwire-planted-"));
  for (const name of ["Pulumi.yaml", "package.json", "node_modules", "index.ts", "etl", "queries", "data"]) {
    await symlink(join(projectDirectory, name), join(path, name));
  }
  const local = parse(await readFile(join(projectDirectory, "Pulumi.local.yaml"), "utf8"));
  const config = {
    ...local.config,
    "stormwire:opsEmail": PLANTED.opsEmail,
    "stormwire:subscriptions": { person: { sms: PLANTED.phone, email: PLANTED.email } },
    "stormwire:messages": {},
    "stormwire:webhooks": {
      program: { url: `https://hooks.example.org/${PLANTED.path}`, secret: PLANTED.webhookSecret },
      group: {
        url: `https://api.telegram.org/bot${PLANTED.botToken}/sendMessage`,
        format: "telegram",
        chatId: PLANTED.chatId,
      },
    },
  };
  await writeFile(join(path, "Pulumi.planted.yaml"), stringify({ config }));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
