import { expect, onTestFinished, test } from 'vitest';
import { Desk } from './desk.ts';

test('G4, U4: what nobody foresaw is told to the log, and to a client no more than that', async () => {
  const troubles: string[] = [];
  const coverage = () => Promise.reject(new Error("ENOENT: no such file, open '/etc/custody/rules.cedar'"));
  const desk = await Desk.open(
    {},
    { inspect: { coverage } as never, onTrouble: (message) => void troubles.push(message) },
  );
  onTestFinished(() => desk.close());
  const response = await desk.ask(await desk.key('operator'), '/policy/coverage');
  const said = await response.text();
  expect([response.status, said]).toEqual([500, expect.stringContaining('INTERNAL_ERROR')]);
  expect(said).not.toContain('/etc/custody');
  expect(troubles).toEqual([expect.stringContaining('/etc/custody/rules.cedar')]);
});
