import type { Unanswering } from '../../client/index.ts';
import { printable } from '../io/printable.ts';

/** Sessions that did not answer, a line each. @param did what they did instead: `did not say` */
export const showSilent = (unanswered: readonly Unanswering[], did = 'did not say'): readonly string[] =>
  unanswered.map(({ session, code, message }) => `${printable(session)} ${did}: ${code}: ${printable(message)}`);
