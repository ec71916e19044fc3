import * as pulumi from "@pulumi/pulumi";

/**
 * Tags every resource of the program that can be tagged; a resource's own tag of the same name wins. Must run before
 * the first resource is declared. Why not the provider's default tags: docs/decisions/0015-tags-by-transformation.md
 */
export function tagEverything(costCenter: string): void {
  // What the bill is grouped by: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/cost-alloc-tags.html
  const tags = { project: pulumi.getProject(), environment: pulumi.getStack(), "cost-center": costCenter };
  pulumi.runtime.registerStackTransformation(({ type, props, opts }) => {
    // The SDK's classes set a property for every input there is, given or not: who can be tagged has `tags`.
    if (!type.startsWith("aws:") || !("tags" in props) || opts.id !== undefined) {
      return undefined;
    }
    const own = pulumi.output(props.tags as pulumi.Input<Record<string, string> | undefined>);
    return { props: { ...props, tags: own.apply((ownTags) => ({ ...tags, ...ownTags })) }, opts };
  });
}
