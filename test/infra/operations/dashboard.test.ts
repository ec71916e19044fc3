import { expect } from "chai";
import { METRICS } from "../../../handlers/clients/metric-names.ts";
import { type Graph, type Resource, resourcesOfType } from "../../../local/graph.ts";
import { resource } from "../program.ts";
import { alarmsOf, operationsGraph, STACK } from "./graph.ts";

describe("operations: the dashboard and traces", () => {
  let graph: Graph;

  before(async () => {
    graph = await operationsGraph();
  });

  it("draw each alarm, in the order of the list, with its threshold, and what each function counts", () => {
    const titleOf = ({ inputs }: Resource) =>
      String(inputs.alarmDescription).split(". Runbook")[0]?.replace(`${STACK} `, "");
    const alarms = alarmsOf(graph);
    const titles = alarms.map(titleOf);
    const watched = widgets(graph).slice(0, titles.length);
    const others = widgets(graph).slice(titles.length);

    expect(watched.map(({ title }) => title).sort()).to.deep.equal(titles.sort());
    for (const { title, metrics, annotations } of watched) {
      const alarm = alarms.find((one) => titleOf(one) === title);
      expect(metrics[0]?.slice(0, 2), title).to.deep.equal([
        alarm?.inputs.namespace,
        alarm?.inputs.metricName,
      ]);
      expect(annotations?.horizontal[0]?.value, title).to.equal(alarm?.inputs.threshold);
    }
    expect(others.map(({ title, metrics }) => [title, metrics.map(([, metric]) => metric)])).to.deep.equal(
      Object.entries(METRICS).map(([name, metrics]) => [`What ${name} counts`, Object.keys(metrics)]),
    );
  });

  it("trace every function", () => {
    for (const { name, inputs } of resourcesOfType(graph, "aws:lambda/function:Function")) {
      expect(inputs.tracingConfig, name).to.deep.equal({ mode: "Active" });
    }
  });
});

interface Widget {
  readonly title: string;
  readonly metrics: readonly (readonly unknown[])[];
  readonly annotations?: { readonly horizontal: readonly { readonly value: number }[] };
}

function widgets(graph: Graph): Widget[] {
  const { inputs } = resource(graph, "aws:cloudwatch/dashboard:Dashboard", "operations");
  const { widgets } = JSON.parse(String(inputs.dashboardBody)) as { widgets: { properties: Widget }[] };
  return widgets.map(({ properties }) => properties);
}
