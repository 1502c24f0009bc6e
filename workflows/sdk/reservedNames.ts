import type { WorkflowInterceptorsFactory } from '@temporalio/workflow';

const RESERVED = '__temporal_';

/**
 * Lets the session refuse signals and updates of names that Temporal keeps for itself, as it refuses other unknown
 * ones. The SDK (1.23) throws on them where a default handler is set, and the workflow task fails for ever: anybody who
 * may send a signal could stop a session for good. Names change in place, as the SDK's jobs lose their kind when they
 * are copied.
 */
export const interceptors: WorkflowInterceptorsFactory = () => ({
  internals: [
    {
      activate(input, next) {
        for (const { signalWorkflow, doUpdate } of input.activation.jobs ?? []) {
          if (signalWorkflow?.signalName?.startsWith(RESERVED))
            signalWorkflow.signalName = `reserved ${signalWorkflow.signalName}`;
          if (doUpdate?.name?.startsWith(RESERVED)) doUpdate.name = `reserved ${doUpdate.name}`;
        }
        next(input);
      },
    },
  ],
});
