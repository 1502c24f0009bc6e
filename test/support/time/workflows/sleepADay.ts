import { sleep } from '@temporalio/workflow';

/** Sleeps for 24 hours and answers how many milliseconds went by on the workflow's clock. */
export async function sleepADay(): Promise<number> {
  const start = Date.now();
  await sleep('24 hours');
  return Date.now() - start;
}
