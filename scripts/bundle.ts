/** Bundles the workflows into dist/, once at build time, so that a worker starts without webpack. */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

const at = (path: string): string => fileURLToPath(new URL(`../workflows/${path}`, import.meta.url));

const { code } = await bundleWorkflowCode({
  workflowsPath: at('index.js'),
  workflowInterceptorModules: [at('runAhead.js'), at('reservedNames.js'), at('resets.js')],
  payloadConverterPath: at('payloadConverter.js'),
  logger: new DefaultLogger('WARN'),
});
await writeFile(at('bundle.cjs'), code);
