import { CustodyError } from '../../../protocol/errors.ts';

/** An approval, as lists name it: the session, a slash, and its id there. */
export interface Target {
  readonly session: string;
  readonly approval: string;
}

/** @throws CustodyError USAGE */
export function targetOf(id: string): Target {
  const slash = id.lastIndexOf('/');
  if (slash > 0 && slash < id.length - 1) return { session: id.slice(0, slash), approval: id.slice(slash + 1) };
  throw new CustodyError(
    'USAGE',
    `'${id}' names no approval or review: write SESSION/a1, as \`custody approvals\` and \`custody reviews\` do.`,
  );
}
