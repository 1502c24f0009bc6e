import { setCurrentDetails, type WorkflowInterceptorsFactory } from '@temporalio/workflow';

/** The name under which Temporal's UI asks for the details of a workflow. */
const METADATA = '__temporal_workflow_metadata';

/**
 * Makes the details that the Temporal UI shows when it asks for them. It comes to the workflow function as the third
 * argument.
 */
export class Details {
  private make: (() => string) | undefined;

  from(make: () => string): void {
    this.make = make;
  }

  refresh(): void {
    if (this.make) setCurrentDetails(this.make());
  }
}

/**
 * The SDK (1.23) keeps the details of a workflow as a text that is set in advance, with no way to be asked for it.
 * Without this each call would have a page of Markdown made that nobody reads.
 */
export const interceptors: WorkflowInterceptorsFactory = () => {
  const details = new Details();
  return {
    inbound: [{ execute: (input, next) => next({ ...input, args: [...input.args, details] }) }],
    internals: [
      {
        activate(input, next) {
          const jobs = input.activation.jobs ?? [];
          if (jobs.some(({ queryWorkflow }) => queryWorkflow?.queryType === METADATA)) details.refresh();
          next(input);
        },
      },
    ],
  };
};
