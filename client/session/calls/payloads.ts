import type { Answer, CallRequest } from '../../../protocol/calls/call.ts';
import type { ToolResult } from '../../../protocol/calls/result.ts';
import { byteLength } from '../../../protocol/values/digest.ts';
import { CustodyError } from '../../../protocol/errors.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import { problemOfGiven } from '../../../protocol/values/numbers/exact.ts';
import { isObject, type JsonObject } from '../../../protocol/values/json.ts';
import type { PayloadStore } from '../../../protocol/values/payload.ts';
import { resolveArgs } from '../../../protocol/values/references.ts';
import type { PlanCall, PlanLeaf, PlanStep, SessionSpec } from '../../../protocol/spec.ts';

/**
 * Arguments as a call carries them: as they are, or put into the store above `LIMITS.argumentBytes`.
 *
 * @throws CustodyError ARGUMENTS_TOO_LARGE, MALFORMED_COMMAND, STORE_UNAVAILABLE
 */
export async function outlined(
  args: JsonObject,
  payloads: PayloadStore,
): Promise<{ args: JsonObject } | Required<Pick<CallRequest, 'argsRef'>>> {
  const text = textOf(args);
  const bytes = byteLength(text);
  if (bytes <= LIMITS.argumentBytes) return { args };
  if (bytes > LIMITS.messageBytes)
    throw new CustodyError(
      'ARGUMENTS_TOO_LARGE',
      `The arguments are ${bytes} bytes, and a call may have ${LIMITS.messageBytes}.`,
    );
  const copy = JSON.parse(text) as JsonObject;
  const problem = problemOfGiven(copy);
  if (problem) throw new CustodyError('MALFORMED_COMMAND', `The call cannot be taken: ${problem}.`);
  return { argsRef: await payloads.put(copy) };
}

/** A spec that was checked, with the large arguments of its plan put into the store. */
export async function outlinedPlan(spec: SessionSpec, payloads: PayloadStore): Promise<SessionSpec> {
  if (!spec.plan) return spec;
  const outline = async (leaf: PlanLeaf): Promise<PlanLeaf> => ('call' in leaf ? outlinedCall(leaf, payloads) : leaf);
  const plan = spec.plan.map(async (step): Promise<PlanStep> => {
    if ('parallel' in step) return { parallel: await Promise.all(step.parallel.map(outline)) };
    return 'call' in step ? outlinedCall(step, payloads) : step;
  });
  return { ...spec, plan: await Promise.all(plan) };
}

async function outlinedCall(step: PlanCall, payloads: PayloadStore): Promise<PlanCall> {
  const { args, ...rest } = step;
  if (!args || byteLength(textOf(args)) <= LIMITS.argumentBytes) return step;
  // Large arguments hold no references, so nothing is to be resolved in them but `$${`, which stands for `${`.
  const resolved = resolveArgs(args, {});
  const sent = resolved.ok ? await outlined(resolved.args, payloads) : undefined;
  return sent && 'argsRef' in sent ? { ...rest, ...sent } : step;
}

/** An answer with its whole result, where the store has it; else as it is. */
export async function whole(answer: Answer, payloads: PayloadStore): Promise<Answer> {
  if (!answer.result || !('ref' in answer.result)) return answer;
  const result = await payloads.get(answer.result.ref).catch(() => undefined);
  return isObject(result) && ('content' in result || 'raw' in result)
    ? { ...answer, result: result as unknown as ToolResult }
    : answer;
}

function textOf(args: JsonObject): string {
  try {
    return JSON.stringify(args);
  } catch (error) {
    throw new CustodyError('MALFORMED_COMMAND', `The arguments are no JSON: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}
