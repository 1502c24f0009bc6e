import { defineSignal, setDefaultSignalHandler, setHandler, sleep, workflowInfo } from '@temporalio/workflow';
import { Schema } from './shared.ts';

/** Waits, and takes every signal. */
export async function listening(): Promise<void> {
  setDefaultSignalHandler(() => undefined);
  setHandler(defineSignal<[unknown]>('told'), () => undefined);
  await sleep('1 hour');
}

/** Reads with a schema that it shares with other workflows of the thread. */
export async function reading(): Promise<unknown> {
  return Schema.parse({ text: 'a' });
}

/** The names of all that a workflow can know of its run. */
export async function informed(): Promise<readonly string[]> {
  return Object.keys(workflowInfo());
}
