import { join } from "node:path";
import { findJava } from "../support/java.ts";
import { obtainPackages } from "../support/python.ts";

/** Spark as the job runs it, without Glue around it. */
export interface Spark {
  /** Python with pyspark and boto3. */
  readonly python: string;
  readonly javaHome: string;
}

/** Glue 5.0 is Spark 3.5.4, Python 3.11 and Java 17: https://docs.aws.amazon.com/glue/latest/dg/release-notes.html */
const SPARK_VERSION = "3.5.4";
const JAVA_VERSION = 17;

/** Finds Java and Python, and installs Spark into the cache. Throws UnavailableError. */
export async function obtainSpark(): Promise<Spark> {
  const { home } = await findJava(String(JAVA_VERSION), (version) => version === JAVA_VERSION);
  const programs = await obtainPackages({
    name: `spark-${SPARK_VERSION}`,
    packages: [`pyspark==${SPARK_VERSION}`, "boto3==1.34.131"],
    modules: ["boto3", "pyspark"],
  });
  return { python: join(programs, "python"), javaHome: home };
}
