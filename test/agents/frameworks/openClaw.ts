import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { nodeOf24, npmFolder } from '../install.ts';
import type { Agent } from './agent.ts';

const VERSION = '2026.9.6';

/** Its headless turn, with the configuration of the example and a model. */
export const OPENCLAW: Agent = {
  id: 'openclaw',
  name: `OpenClaw ${VERSION}`,
  offers: /^custody__\w+$/,
  async command(at, task, modelUrl) {
    const [node, packages] = await Promise.all([nodeOf24(), npmFolder(`openclaw@${VERSION}`)]);
    const config = await at.copy('openclaw/openclaw.json');
    const models = [{ id: 'scripted', name: 'scripted', contextWindow: 200_000, maxTokens: 4096, input: ['text'] }];
    const scripted = { baseUrl: modelUrl, api: 'anthropic-messages', apiKey: 'none', models };
    await writeFile(
      config,
      JSON.stringify({
        ...(JSON.parse(await readFile(config, 'utf8')) as object),
        models: { mode: 'replace', providers: { scripted } },
        agents: { defaults: { model: { primary: 'scripted/scripted' } } },
      }),
    );
    const cwd = join(at.folder, 'work');
    await mkdir(cwd, { recursive: true });
    return {
      file: node,
      args: [
        join(packages, 'node_modules/openclaw/openclaw.mjs'),
        'agent',
        'exec',
        task,
        '--config',
        config,
        '--cwd',
        cwd,
      ],
      env: { PATH: `${at.env['PATH'] ?? ''}${delimiter}${dirname(node)}` },
    };
  },
};
