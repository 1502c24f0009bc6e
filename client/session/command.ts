import { randomUUID } from 'node:crypto';
import { CustodyError } from '../../protocol/errors.ts';
import type { JsonObject } from '../../protocol/values/json.ts';
import type { CommandInput, OutsideName } from '../../protocol/commands.ts';
import type { Accepted } from '../../protocol/replies.ts';
import { commandUpdate } from '../../workflows/messages.ts';
import type { Context } from '../context.ts';
import { persist } from '../temporal/persist.ts';
import { withWorker } from '../temporal/withWorker.ts';

/** A command as it is sent: with a proof, where the actor has a key. */
function signed(
  { client, actor, signer, vouched }: Context,
  session: string,
  act: OutsideName,
  input: CommandInput & { readonly commandId: string },
): CommandInput {
  if (!signer) return input;
  const { namespace } = client.options;
  const { commandId } = input;
  return { ...input, proof: signer.prove({ namespace, session, act, commandId, actor }, asJson(input), vouched) };
}

/** As it arrives: without what JSON leaves out. */
const asJson = (input: object): JsonObject => JSON.parse(JSON.stringify(input)) as JsonObject;

/** Why, and as which command. */
export interface CommandOptions {
  readonly reason?: string | undefined;
  /** Repeats of one id are one command. Random by default. */
  readonly commandId?: string | undefined;
}

export interface RespondOptions extends CommandOptions {
  /** The response is an object by key in any case, and the call waits on for keys that it does not have. */
  readonly inPart?: boolean | undefined;
}

/**
 * Gives a session a command. Its id is the id of the update as well, so that what is asked again is one event.
 *
 * @throws CustodyError with the code of the refusal
 */
export async function giveCommand(
  context: Context,
  id: string,
  name: Exclude<OutsideName, 'call'>,
  fields: JsonObject,
  { reason, commandId = randomUUID() }: CommandOptions,
): Promise<Accepted> {
  const input = signed(context, id, name, {
    ...fields,
    actor: context.actor,
    commandId,
    ...(reason ? { reason } : {}),
  });
  const handle = context.client.workflow.getHandle(id);
  const reply = await persist(
    () => withWorker(context, () => handle.executeUpdate(commandUpdate(name), { args: [input], updateId: commandId })),
    id,
  );
  if (!reply.ok) throw new CustodyError(reply.refusal.code, reply.refusal.message);
  return reply;
}
