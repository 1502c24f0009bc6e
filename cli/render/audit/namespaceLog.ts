import { namespaceLimitsOf } from '../../../audit/verify/namespace/limits.ts';
import type { NamespaceVerification } from '../../../audit/verify/namespace/verify.ts';
import { counted } from '../../../protocol/values/text.ts';
import { printable } from '../../io/printable.ts';
import { bold, mark } from '../style.ts';
import { found, witnesses } from './verification.ts';

/** The verdict on the log of a namespace first, as of a bundle. */
export function showNamespaceLog(verification: NamespaceVerification): string {
  const { log, isSound, files, sessions, heartbeats, witnessed } = verification;
  const what = log
    ? `${counted(sessions, 'session')} of ${printable(log.origin)}`
    : 'nothing here is signed by a key you trust';
  return [
    mark(isSound ? 'ok' : 'fail', `${isSound ? 'SOUND' : 'NOT SOUND'}: ${what}`),
    ...(log
      ? [
          `  root       ${log.root}`,
          `  checked    ${counted(files, 'file')}, ${log.size} leaves, ${counted(heartbeats, 'heartbeat')}`,
          `  witnessed  ${witnesses(witnessed)}`,
        ]
      : []),
    ...found(verification),
    '',
    bold(isSound ? 'What this does not prove:' : 'What a sound log would not prove either:'),
    ...namespaceLimitsOf(verification).map((each) => `  - ${each}`),
  ].join('\n');
}
