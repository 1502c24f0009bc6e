/** Bundles the workflows into dist/, once at build time, so that a worker starts without webpack. */
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

const at = (path: string): string => fileURLToPath(new URL(`../workflows/${path}`, import.meta.url));

/**
 * The rules and the schemas are pure and keep nothing between calls: loaded once for each thread of a worker, not anew
 * and cold for each session.
 */
const modulesOf = async (folder: string): Promise<string[]> => {
  const path = fileURLToPath(new URL(`../${folder}/`, import.meta.url));
  const files = await readdir(path, { recursive: true });
  return files.filter((file) => file.endsWith('.js')).map((file) => join(path, file));
};

/** Leaves out what nobody imports, of modules that say that loading them has no effect. */
const SHAKE = { sideEffects: true, providedExports: true, usedExports: true };

const { code } = await bundleWorkflowCode({
  workflowsPath: at('index.js'),
  workflowInterceptorModules: [
    at('sdk/runAhead.js'),
    at('sdk/reservedNames.js'),
    at('sdk/resets.js'),
    at('sdk/details.js'),
    at('sdk/unproven.js'),
    at('sdk/askers.js'),
  ],
  payloadConverterPath: at('sdk/payloadConverter.js'),
  failureConverterPath: at('sdk/failureConverter.js'),
  preloadModules: [
    at('sdk/stackTraces.js'),
    ...(await modulesOf('protocol')),
    ...(await modulesOf('session')),
    at('sdk/sharedSchemas.js'),
  ],
  // Without this zod brings the messages of its errors in fifty languages.
  webpackConfigHook: (config) => ({ ...config, optimization: { ...config.optimization, ...SHAKE } }),
  logger: new DefaultLogger('WARN'),
});
await writeFile(at('bundle.cjs'), code);
