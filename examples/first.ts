import { Custody } from 'custody';

const custody = await Custody.connect({ actor: 'ann' });
const id = await custody.start({ agent: { id: 'drafter', version: '1.0.0' }, profile: 'standard', servers: ['files'] });

const answer = await custody.call(id, 'files.write_file', { path: 'a.md', content: 'hello' });
console.log(answer.outcome, answer.result);

await custody.pause(id, { reason: 'a look at the draft' });
await custody.resume(id, { reason: 'it is fine' });
await custody.complete(id, { reason: 'all is written' });

for await (const { at, kind, text, by } of custody.watch(id)) console.log(at, kind, text, by);
