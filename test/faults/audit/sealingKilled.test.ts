import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { EVIDENCE, signingKey, verifiedIn } from '../../support/evidence/sealing.ts';
import { seed, Random } from '../../support/random.ts';
import { Scene } from '../../support/scene.ts';
import { logToConsole } from '../../support/sdkLog.ts';
import { temporalAddress } from '../../support/temporal.ts';

logToConsole();

const KILLS = 5;

test('A4, L6: workers killed while they seal lose nothing and double nothing', async ({ onTestFinished }) => {
  const random = new Random(seed());
  const { skey } = await signingKey();
  process.env['CUSTODY_TEST_SIGN'] = skey;
  onTestFinished(() => void delete process.env['CUSTODY_TEST_SIGN']);
  const evidence = { ...EVIDENCE, sign: { fromEnv: 'CUSTODY_TEST_SIGN' } };
  const scene = await Scene.open({ address: temporalAddress(), server: 'apart', config: { evidence } });
  onTestFinished(() => scene.close());
  let worker = await scene.worker();
  const id = await scene.start({ keepOpen: true }, { eventsPerRun: 60 });
  const session = scene.custody.session(id);
  for (let kill = 0; kill < KILLS; kill += 1) {
    await session.call('journal.upsert', { key: 'k', value: `${kill}` }, { callId: `c-${kill}` });
    const asked = scene.custody.evidence.seal(id);
    await delay(random.between(0, 250));
    await worker.kill();
    worker = await scene.worker();
    expect((await asked).size).toBeGreaterThan(0);
  }
  await session.complete({ reason: 'done' });
  await session.wait();
  const { size, root, isWhole, failing } = await scene.custody.evidence.seal(id);
  expect({ isWhole, failing }).toEqual({ isWhole: true, failing: undefined });
  let records = 0;
  for await (const _ of scene.custody.evidence.records(id)) records += 1;
  const { isSound, counts, log, opened, derived } = await verifiedIn(scene.folder, id);
  expect({ isSound, counts, log, opened, derived, size }).toEqual({
    isSound: true,
    counts: { UNWITNESSED: 1 },
    log: { origin: log?.origin, size, root },
    opened: records,
    derived: records,
    size: records,
  });
  console.log(`${records} records over ${KILLS} kills`);
}, 300_000);
