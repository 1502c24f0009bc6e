import { TestWorkflowEnvironment } from '@temporalio/testing';
import { encodeSearchAttributeIndexedValueType } from '@temporalio/common/lib/search-attributes.js';
import { SEARCH_ATTRIBUTES } from '../../../workflows/searchAttributes.ts';
import { logToConsole } from '../sdkLog.ts';
import { ToolMissing } from './requireTool.ts';
import { testServerLauncher } from './testServer.ts';

/**
 * A Temporal with the search attributes of Custody, whose time skips to the next timer while the result of a workflow
 * is awaited. A query that meets a run as it closes is lost there, and stops the clock for good: let time pass first
 * (`env.sleep`) where a session may continue as new. The caller ends it with `teardown()`. It runs on Java; without
 * Java or Maven, on what the SDK downloads.
 *
 * @throws ToolMissing when neither can be had.
 */
export async function startTimeSkipping(): Promise<TestWorkflowEnvironment> {
  logToConsole();
  const env = await create();
  await env.connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: Object.fromEntries(
      Object.values(SEARCH_ATTRIBUTES).map(({ name, type }) => [
        name,
        encodeSearchAttributeIndexedValueType(type) ?? 0,
      ]),
    ),
  });
  return env;
}

async function create(): Promise<TestWorkflowEnvironment> {
  let path: string;
  try {
    path = await testServerLauncher();
  } catch (error) {
    if (!(error instanceof ToolMissing)) throw error;
    return TestWorkflowEnvironment.createTimeSkipping().catch((download: Error) => {
      throw new ToolMissing(`${error.message}, and the download of Temporal's SDK failed: ${download.message}`, {
        cause: download,
      });
    });
  }
  return started(path, STARTS);
}

/** The SDK gives the server 5 s to start, which Java does not keep on a busy machine. */
const STARTS = 10;

const started = (path: string, times: number): Promise<TestWorkflowEnvironment> =>
  TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path } } }).catch(
    (error: unknown) => {
      if (times <= 1 || !/did not start within/.test(String(error))) throw error;
      return started(path, times - 1);
    },
  );
