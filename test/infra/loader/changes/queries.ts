import type { Change } from "../difference.ts";
import type { ConfigChange } from "./stack.ts";

function queryParts<Named extends Change, Prepared extends Change>(
  name: string,
  named: Named,
  prepared: Prepared,
) {
  return { [`athena.NamedQuery ${name}`]: named, [`athena.PreparedStatement ${name}`]: prepared };
}

const QUERY = `-- title: Newest
-- question: What was read last?
-- columns: newest_at UTC
-- cost: one column of every day
SELECT MAX(observed_at) AS newest_at FROM observations
`;

export const QUERIES: readonly ConfigChange[] = [
  {
    what: "a saved query is added",
    queries: { "newest.sql": QUERY },
    touches: queryParts("newest", "create", "create"),
  },
  {
    what: "a saved query is renamed",
    queries: { "gaps.sql": null, "holes.sql": "gaps.sql" },
    touches: { ...queryParts("gaps", "delete", "delete"), ...queryParts("holes", "create", "create") },
  },
  {
    what: "a saved query is removed",
    queries: { "gaps.sql": null },
    touches: queryParts("gaps", "delete", "delete"),
  },
  {
    what: "a saved query's text changes",
    queries: { "gaps.sql": "completeness.sql" },
    touches: queryParts("gaps", "replace", "update"),
  },
];
