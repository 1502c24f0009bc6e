import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { npmFolder } from '../install.ts';
import type { Agent } from './agent.ts';

const VERSION = '0.3.331';
/** The placeholder is a name that it sends to some models, and no tool. */
const OFFERS = /^(mcp__custody__\w+|DeferredToolPlaceholder)$/;
export const claudePackages = (): Promise<string> => npmFolder(`@anthropic-ai/claude-agent-sdk@${VERSION}`);

const envOf = (modelUrl: string): { readonly [name: string]: string } => ({
  ANTHROPIC_BASE_URL: modelUrl,
  ANTHROPIC_API_KEY: 'none',
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
});

export const CLAUDE_AGENT_SDK: Agent = {
  id: 'claude-agent-sdk',
  name: `Claude Agent SDK ${VERSION}`,
  offers: OFFERS,
  async command(at, task, modelUrl) {
    const script = await at.copy('claude-agent-sdk.mjs');
    await at.use(await claudePackages());
    return { file: process.execPath, args: [script, task], env: envOf(modelUrl) };
  },
};

/** The command line that the SDK brings, in a project with the files of the example. */
export const CLAUDE_CODE: Agent = {
  id: 'claude-code',
  name: `Claude Code of the SDK ${VERSION}`,
  offers: OFFERS,
  async command(at, task, modelUrl) {
    await at.copy('claude-code/.mcp.json', '.mcp.json');
    await at.copy('claude-code/.claude/settings.json', '.claude/settings.json');
    // What its dialog asks of a user in a new folder.
    await writeFile(
      join(at.env['HOME'] ?? '', '.claude.json'),
      JSON.stringify({ projects: { [at.folder]: { hasTrustDialogAccepted: true } } }),
    );
    const { platform, arch } = process;
    const file = join(await claudePackages(), `node_modules/@anthropic-ai/claude-agent-sdk-${platform}-${arch}/claude`);
    return { file, args: ['-p', task], env: envOf(modelUrl) };
  },
};
