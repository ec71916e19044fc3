/** A rejection that ends by itself, by the name and the message of the error. */
type NotYet = readonly [name: RegExp, message: RegExp];

/** What AWS says for some seconds after a role, user or key was made, and as long as something is being made or taken away. */
const NOT_YET: readonly NotYet[] = [
  // A new role, for Lambda, its mappings and Scheduler.
  [/^(InvalidParameterValue|Validation|AccessDenied)Exception$/, /\brole\b/i],
  // A new user, as the principal of a resource's policy.
  [/^(MalformedPolicy|MalformedPolicyDocumentException|InvalidParameterException)$/, /principal/i],
  // A new user's key.
  [/^(InvalidAccessKeyId|InvalidClientTokenId|UnrecognizedClientException)$/, /./],
  // A mapping that starts or stops, a stream, a function or a topic that is being changed, users and roles with policies.
  [
    /^(ResourceInUseException|ResourceConflictException|ConcurrentAccessException|DeleteConflict(Exception)?)$/,
    /./,
  ],
  // A bucket that is being made or taken away.
  [/^OperationAborted$/, /./],
];

/** Whether the same call will be answered otherwise in a while. */
export function isNotYet({ name, message }: Error): boolean {
  return NOT_YET.some(([ofName, ofMessage]) => ofName.test(name) && ofMessage.test(message));
}

/** As much of an SDK's client as has to do with it. */
interface Client {
  readonly middlewareStack: {
    add(
      middleware: <Args, Result>(next: (args: Args) => Promise<Result>) => (args: Args) => Promise<Result>,
      options: { readonly step: "finalizeRequest"; readonly priority: "low"; readonly name: string },
    ): void;
  };
}

/**
 * Lets a client's own retries, with their waits and their limit, take up what AWS cannot do yet: the SDK tries again what is
 * marked as retryable, https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
export function retryNotYet(client: Client): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        if (error instanceof Error && isNotYet(error)) Object.assign(error, { $retryable: {} });
        throw error;
      }
    },
    // Behind the retries, where errors are the service's.
    { step: "finalizeRequest", priority: "low", name: "notYet" },
  );
}
