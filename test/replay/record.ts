import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { test } from 'vitest';
import { Harness } from '../support/harness.ts';
import { SCENARIO_OPTIONS, SCENARIOS } from './scenarios.ts';

const folder = fileURLToPath(new URL('./histories/', import.meta.url));

test('record the scenarios that have no history yet', async () => {
  const harness = await Harness.start(SCENARIO_OPTIONS);
  try {
    for (const [name, play] of Object.entries(SCENARIOS)) {
      if (existsSync(`${folder}${name}.run1.json`)) continue;
      const id = await play(harness);
      const handle = harness.custody.temporal.workflow.getHandle(id);
      const { raw, runId: current } = await handle.describe();
      const recorded = new Set<string>();
      let runId: string | undefined = raw.workflowExecutionInfo?.firstRunId ?? undefined;
      for (let run = 1; runId; run += 1) {
        const history = await harness.custody.temporal.workflow.getHandle(id, runId).fetchHistory();
        const text = historyToJSON(history)
          .replace(/"identity": "[^"]*"/g, '"identity": "recorder"')
          .replace(/"stackTrace": "(?:[^"\\]|\\.)*"/g, '"stackTrace": ""');
        writeFileSync(`${folder}${name}.run${run}.json`, text);
        recorded.add(runId);
        // A run that came from a reset is in no chain.
        runId =
          history.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ||
          (recorded.has(current) ? undefined : current);
      }
    }
  } finally {
    await harness.stop();
  }
}, 120_000);
