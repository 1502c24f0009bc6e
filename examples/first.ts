import { Custody } from 'custody';

const custody = await Custody.connect({ actor: 'ann' });
const agent = { id: 'drafter', version: '1.0.0' };
const session = await custody.start({ agent, profile: 'standard', servers: ['files'] });

const answer = await session.call('files.write_file', { path: 'a.md', content: 'hello' });
console.log(answer.outcome, answer.result);

await session.pause({ reason: 'a look at the draft' });
await session.resume({ reason: 'it is fine' });
await session.complete({ reason: 'all is written' });

for await (const { at, kind, text, by } of session.watch()) console.log(at, kind, text, by);
