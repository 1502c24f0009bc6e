import { readFile } from 'node:fs/promises';
import { nodeOf24, npmFolder, pythonWith } from '../install.ts';
import type { Agent } from './agent.ts';

export const AI_SDK: Agent = {
  id: 'ai-sdk',
  name: 'AI SDK 7.0.173',
  offers: /^\w+$/,
  async command(at, task, modelUrl) {
    const [file, packages] = await Promise.all([
      nodeOf24(),
      npmFolder('ai@7.0.173', '@ai-sdk/mcp@2.0.99', '@ai-sdk/openai-compatible@3.0.92'),
    ]);
    await at.use(packages);
    return { file, args: [await at.copy('ai-sdk.ts'), task], env: { MODEL_URL: `${modelUrl}/v1` } };
  },
};

export const MCP_AGENT: Agent = {
  id: 'mcp-agent',
  name: 'mcp-agent 0.2.6',
  offers: /^custody_\w+$/,
  async command(at, task, modelUrl) {
    const requirements = await readFile(await at.copy('mcp-agent/requirements.txt', 'requirements.txt'), 'utf8');
    await at.copy('mcp-agent/mcp_agent.config.yaml', 'mcp_agent.config.yaml');
    return {
      file: await pythonWith(...requirements.split('\n').filter((line) => line !== '' && !line.startsWith('#'))),
      args: [await at.copy('mcp-agent/main.py', 'main.py'), task],
      env: { OPENAI_BASE_URL: `${modelUrl}/v1`, OPENAI_API_KEY: 'none' },
    };
  },
};
