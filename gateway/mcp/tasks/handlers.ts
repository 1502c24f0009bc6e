import type { Result, Server, ServerContext } from '@modelcontextprotocol/server';
import * as z from 'zod/mini';
import { CALL_ID_FORM } from '../../../protocol/calls/call.ts';
import type { JsonObject } from '../../../protocol/values/json.ts';
import { takes } from '../calls/asks.ts';
import type { Gate } from '../gate.ts';
import { mustTakeTasks } from './declared.ts';
import type { Tasks } from './tasks.ts';

const taskId = z.string().check(z.regex(CALL_ID_FORM, 'is no id of a task'));
const TASK = z.looseObject({ taskId });

/** Has a server answer what clients ask of tasks. */
export function addTasks(server: Server, tasks: Tasks, gate: Gate): void {
  const handle = (method: string, work: (callId: string, context: ServerContext) => Promise<Result>): void =>
    server.setRequestHandler(method, { params: TASK }, (given, context) => {
      mustTakeTasks(context);
      return gate(() => work(given.taskId, context));
    });
  handle('tasks/get', (callId, context) => tasks.get(callId, takes(context, undefined)));
  // The SDK takes them out of the parameters of each request.
  handle('tasks/update', (callId, { mcpReq }) => tasks.update(callId, (mcpReq.inputResponses ?? {}) as JsonObject));
  handle('tasks/cancel', (callId) => tasks.cancel(callId));
}
