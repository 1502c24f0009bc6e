import { entryOf, somebody } from '../../support/identity/people.ts';
import { Harness } from '../../support/harness.ts';
import type { Scenarios } from './running.ts';

export const PROOFS: Scenarios = {
  /** On a worker of its own, which has a list of principals. */
  async proofs() {
    const [ann, eve] = [await somebody('ann'), await somebody('eve')];
    const principals = { ...entryOf(ann, ['operator']), ...entryOf(eve, ['auditor']) };
    const own = await Harness.start({
      config: { identity: { principals: 'principals.yaml' } },
      files: { 'principals.yaml': { principals } },
    });
    try {
      const operator = own.custody.as('ann', { key: ann.file });
      const { id } = await operator.start(own.spec(), { reason: 'the monthly report' });
      await own.until(id, ({ state }) => state === 'RUNNING');
      const session = operator.session(id);
      await own.custody
        .session(id)
        .extend(1000)
        .catch(() => undefined);
      await own.custody
        .as('eve', { key: eve.file })
        .session(id)
        .extend(1000)
        .catch(() => undefined);
      await Promise.all([session.extend(60_000), session.pause(), own.custody.session(id).checkpoint('here')]);
      await session.resume({ reason: 'go on' });
      await own.until(id, ({ state }) => state === 'RUNNING');
      await own.custody.session(id).call('journal.append', { text: 'a' }, { callId: 'a' });
      await session.complete({ reason: 'done' });
      await session.wait();
      return id;
    } finally {
      await own.stop();
    }
  },
};
