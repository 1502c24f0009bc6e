import { TestWorkflowEnvironment } from '@temporalio/testing';
import { ToolMissing } from './requireTool.ts';
import { testServerLauncher } from './testServer.ts';

/**
 * A Temporal whose time skips to the next timer while the result of a workflow is awaited. The caller ends it with `teardown()`.
 * It runs on Java; without Java or Maven, on what the SDK downloads.
 *
 * @throws ToolMissing when neither can be had.
 */
export async function startTimeSkipping(): Promise<TestWorkflowEnvironment> {
  let path: string;
  try {
    path = await testServerLauncher();
  } catch (error) {
    if (!(error instanceof ToolMissing)) throw error;
    return TestWorkflowEnvironment.createTimeSkipping().catch((download: Error) => {
      throw new ToolMissing(`${error.message}, and the download of Temporal's SDK failed: ${download.message}`, { cause: download });
    });
  }
  return TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path } } });
}
