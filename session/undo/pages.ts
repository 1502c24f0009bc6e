import type { UndoPage } from '../../protocol/calls/undo.ts';
import { byteLength } from '../../protocol/values/digest.ts';
import { isEnded } from '../lifecycle/states.ts';
import type { Run } from '../run.ts';
import { nothing, type Step } from '../step.ts';
import { pageNeeded } from './log.ts';

/** Reads the page that a rollback needs; writes one where the undo log is too long to be carried on. */
export function paging(run: Run): Step {
  if (run.isPaging) return nothing(run);
  const needed = run.isDraining ? undefined : pageNeeded(run.session);
  const page = needed ? undefined : pageToWrite(run);
  if (needed) return { run: { ...run, isPaging: true }, effects: [{ type: 'readPage', ref: needed }] };
  if (page) return { run: { ...run, isPaging: true }, effects: [{ type: 'writePage', page }] };
  return nothing(run);
}

/** The recent entries of the undo log as a page, where they are too many to be carried into the next run. */
function pageToWrite({ session, isDraining, limits }: Run): UndoPage | undefined {
  const { undo, state } = session;
  if (!isDraining || isEnded(state) || undo.recent.length === 0) return undefined;
  if (byteLength(JSON.stringify(undo.recent)) <= limits.undoBytes) return undefined;
  return { before: undo.pages, entries: undo.recent };
}
