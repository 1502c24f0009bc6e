import { Server } from '@modelcontextprotocol/server';
import { TASKS } from './tasks/declared.ts';

interface Introduced {
  /** False where what a client subscribes to does not come to be known here. */
  readonly takesSubscriptions?: boolean;
  readonly takesTasks?: boolean;
}

/** A server that says what it is, and does nothing yet. */
export const introduced = (
  title: string,
  version: string,
  instructions: string,
  { takesSubscriptions = false, takesTasks: hasTasks = false }: Introduced = {},
): Server =>
  new Server(
    { name: 'custody', title, version },
    {
      capabilities: {
        tools: { listChanged: true },
        resources: { listChanged: true, ...(takesSubscriptions ? { subscribe: true } : {}) },
        prompts: { listChanged: true },
        completions: {},
        logging: {},
        ...(hasTasks ? { extensions: { [TASKS]: {} } } : {}),
      },
      instructions,
    },
  );
