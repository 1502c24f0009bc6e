import { describe, expect, test } from 'vitest';
import type { AttemptOutcome } from '../../../protocol/calls/call.ts';
import type { JsonObject } from '../../../protocol/values/json.ts';
import { viewOf } from '../../../session/view/view.ts';
import { fate } from '../observed.ts';
import { byOf, callOf, World } from '../world.ts';
import { FORM, MODEL } from './form.ts';

const HELD = { worker: { name: 'w1', boot: 'b1' }, id: 'held-1' };
const asking = (outcome: AttemptOutcome): World => World.running().do(callOf('a')).ends('a', outcome);
const response = (given: JsonObject = { confirm: true }) =>
  ({ type: 'respond', by: byOf('it is fine', 'bob'), callId: 'a', with: given }) as const;

describe('E8, G3: a call whose server asks a person and the client', () => {
  const both = (held?: typeof HELD): AttemptOutcome => ({
    kind: 'input_required',
    asks: { forms: [FORM, MODEL], ...(held ? { held } : { requestState: 'state-1' }) },
  });
  const inPart = (given: JsonObject) => ({ ...response(given), inPart: true }) as const;
  const message = { role: 'assistant', model: 'm', content: { type: 'text', text: 'yes' } };

  test('goes on once both have answered, in whichever order, and shows what is open until then', () => {
    const begun = asking(both()).do(inPart({ thought: message }));
    expect(fate(begun)).toBe('awaiting_input');
    expect(viewOf(begun.session, 1, begun.now).openCalls[0]?.asks).toEqual([FORM]);
    const world = begun.do(response());
    expect(world.open('a')).toMatchObject({
      phase: 'running',
      rest: {
        continuation: {
          responses: [
            { key: 'thought', response: { action: 'accept', result: message } },
            { key: 'order', response: { action: 'accept', content: { confirm: true } } },
          ],
        },
      },
    });
  });

  test('ends where the client declines and the server cannot be told so; one that waits is told', () => {
    const declined = inPart({ order: { confirm: true }, thought: { action: 'decline' } });
    expect(asking(both()).do(declined).ended('a')?.answer).toMatchObject({ error: { code: 'CALL_CANCELLED' } });
    expect(fate(asking(both(HELD)).do(declined))).toBe('running');
  });
});
