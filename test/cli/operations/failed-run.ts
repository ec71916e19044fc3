import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createVirtualClock } from "../../../local/clock/virtual-clock.ts";
import { startCloud } from "../../../local/cloud.ts";
import type { Graph } from "../../../local/graph.ts";
import { takeOutputDirectory } from "../../../local/output-directory.ts";
import { weatherRecord } from "../../handlers/support/kinesis-event.ts";
import { portoAlegre } from "../../handlers/support/places.ts";
import { loadStormwire, projectDirectory } from "../../infra/program.ts";
import { runCommandLine } from "../command-line.ts";

/**
 * A folder that a local run of three records left: two hours of a storm, which neither consumer could write anything
 * of, and one record that is none.
 */
export async function leaveFailedRun() {
  const directory = await mkdtemp(join(tmpdir(), "stormwire-failed-"));
  const release = await takeOutputDirectory(directory, { keep: true });
  const program = await loadStormwire("local");
  const clock = createVirtualClock({ start: new Date("2024-04-30T06:00:05Z") });
  const cloud = await startCloud({ graph: withoutWriting(program.graph), directory, clock });
  const put = async (Data: Uint8Array) => {
    const StreamName = program.graph.outputs.streamName;
    await cloud.gateway.call(cloud.operator, "kinesis", "PutRecord", {
      StreamName,
      PartitionKey: "porto-alegre",
      Data,
    });
  };
  const storm = (time: string) =>
    Buffer.from(
      JSON.stringify(weatherRecord(portoAlegre, time, { windGust: 40, rainIntensity: 8, humidity: 90 })),
    );
  await put(storm("2024-04-30T06:00:00Z"));
  await put(Buffer.from("garbage"));
  await put(storm("2024-04-30T07:00:00Z"));
  await clock.run({ speed: "max", until: clock.now() });
  await cloud.stop();
  await program.remove();
  await release();

  return {
    directory,
    run: (command: string, ...argv: string[]) =>
      runCommandLine([command, "--out", directory, ...argv], { projectDirectory }),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

/** The program with consumers that may write neither raw objects nor states. */
function withoutWriting(graph: Graph): Graph {
  const resources = graph.resources.map((resource) => {
    const { type, name, inputs } = resource;
    if (type !== "aws:iam/rolePolicy:RolePolicy" || !["alert", "archive"].includes(name)) return resource;
    const policy = String(inputs.policy).replaceAll(/:::lake\/(raw|state\/alerts)\//g, ":::lake/nothing/");
    return { ...resource, inputs: { ...inputs, policy } };
  });
  return { ...graph, resources };
}
