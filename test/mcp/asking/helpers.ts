import { readFileSync } from 'node:fs';
import { beforeAll } from 'vitest';
import type { CallQuestion, Reply } from '../../../mcp/calls/call.ts';
import { scratchFolder } from '../harness.ts';

export let folder: string;
beforeAll(async () => {
  folder = await scratchFolder();
});

export const journal = (file: string): { phase: string; tool: string; responses?: unknown }[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { phase: string; tool: string });

/** The question that a call was answered with. */
export function question(reply: Reply): CallQuestion {
  if (!('forms' in reply)) throw new Error(`no question: ${JSON.stringify(reply)}`);
  return reply;
}

export const accept = (content: Record<string, unknown>) => ({
  action: 'accept' as const,
  content: content as { [name: string]: string },
});
