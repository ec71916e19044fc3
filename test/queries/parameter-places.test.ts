import { expect } from "chai";
import { placeholdersOf } from "../../queries/placeholders.ts";
import { savedQueries } from "./asked.ts";
import { areInWhere } from "./parameter-places.ts";

/** Each with its one `?` where Athena takes none. */
const REFUSED: Readonly<Record<string, string>> = {
  SELECT: "SELECT ? AS threshold FROM observations",
  "SELECT before a WHERE":
    "SELECT GREATEST(CAST(? AS DOUBLE) - temperature, 0E0) FROM observations WHERE day = '2024-05-01'",
  "CASE in a SELECT": "SELECT CASE WHEN wind_gust >= ? THEN 1 ELSE 0 END AS windy FROM observations",
  "FILTER of an aggregate":
    "SELECT COUNT(*) FILTER (WHERE wind_gust >= ?) FROM observations WHERE day = '2024-05-01'",
  "a window": "SELECT SUM(x) OVER (ORDER BY y + ? ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t",
  "JOIN ON": "SELECT 1 FROM observations o JOIN alerts a ON a.level = ? WHERE o.location = a.location",
  "JOIN ON in a WHERE": "SELECT 1 FROM t WHERE x IN (SELECT o.x FROM o JOIN a ON a.level = ? WHERE o.y = 1)",
  UNNEST: "SELECT level FROM UNNEST(split(?, '/')) AS asked (level) WHERE level <> ''",
  VALUES: "SELECT level FROM (VALUES (?)) AS asked (level) WHERE level > 1",
  "VALUES in a WHERE": "SELECT 1 FROM t WHERE x IN (VALUES (?))",
  "GROUP BY": "SELECT COUNT(*) FROM observations WHERE temperature > 1 GROUP BY temperature > ?",
  HAVING: "SELECT location FROM observations WHERE temperature > 1 GROUP BY location HAVING COUNT(*) > ?",
  "ORDER BY": "SELECT location FROM observations WHERE temperature > 1 ORDER BY temperature + ?",
  LIMIT: "SELECT location FROM observations WHERE temperature > 1 LIMIT ?",
  "LIMIT of a UNION":
    "(SELECT 1 AS x FROM a WHERE y = 1) UNION ALL (SELECT 2 AS x FROM b WHERE y = 2) LIMIT ?",
  "SELECT of a WHERE": "SELECT 1 FROM t WHERE x = (SELECT y + ? FROM u WHERE z = 1)",
  "a common table expression":
    "WITH asked AS (SELECT ? AS level) SELECT 1 FROM t, asked WHERE x = asked.level",
  "SELECT after a UNION": "SELECT x FROM t WHERE x = 1 UNION ALL SELECT ? AS x FROM t",
};

const ALLOWED: readonly string[] = [
  "SELECT 1 FROM t WHERE x = ?",
  "SELECT 1 FROM t WHERE x LIKE ? AND (y BETWEEN ? AND CAST(? AS DOUBLE) OR z = GREATEST(?, 1))",
  "SELECT 1 FROM t WHERE x = CASE WHEN y > ? THEN 1 ELSE 0 END GROUP BY z HAVING COUNT(*) > 1",
  "SELECT 1 FROM t WHERE hour = EXTRACT(HOUR FROM at_timezone(moment, ?)) AND x IS DISTINCT FROM ?",
  "SELECT 1 FROM (SELECT 1 AS x FROM t WHERE y = ?) AS u WHERE x IN (SELECT z FROM v WHERE z > ?) AND x < ?",
  "WITH a AS (SELECT x FROM t WHERE y = ?) SELECT x FROM a WHERE x = ? UNION ALL SELECT x FROM b WHERE x = ? ORDER BY x",
  "SELECT '?' AS \"?\" /* ? */ FROM t WHERE x = ? -- SELECT ?",
];

describe("the parameters of a saved query", () => {
  const inTheText = (sql: string) => placeholdersOf(sql).map(({ isInWhere }) => isInWhere);

  for (const { name, sql, parameters } of savedQueries) {
    it(`are each in a WHERE: ${name}`, async () => {
      expect(await areInWhere(sql)).to.deep.equal(parameters.map(() => true));
    });

    // https://docs.aws.amazon.com/athena/latest/ug/querying-with-prepared-statements.html
    it(`are no more than Athena's console asks for: ${name}`, () => {
      expect(parameters).to.have.length.at.most(25);
    });
  }

  for (const [where, sql] of Object.entries(REFUSED)) {
    it(`are not in ${where}, by the syntax tree and by the text`, async () => {
      expect(await areInWhere(sql)).to.deep.equal([false]);
      expect(inTheText(sql)).to.deep.equal([false]);
    });
  }

  for (const sql of ALLOWED) {
    it(`are in ${sql}`, async () => {
      const found = await areInWhere(sql);
      expect(found).not.to.have.length(0);
      expect(found).not.to.include(false);
      expect(inTheText(sql)).to.deep.equal(found);
    });
  }
});
