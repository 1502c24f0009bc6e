import type { SessionView } from '../../client/index.ts';
import type { Act } from '../../protocol/identity/roles.ts';
import type { Field, Given } from '../parts/Ask.tsx';
import { part, type Twin } from './twin.ts';

/** A command that people give a session. */
export interface Command {
  readonly name: Act;
  readonly label: string;
  /** What it does, in a sentence. */
  readonly text: string;
  readonly isDangerous?: boolean;
  readonly fields: readonly Field[];
  readonly isOffered: (view: SessionView) => boolean;
  readonly twin: (id: string, given: Given) => Twin;
}

const reason: Field = { name: 'reason', label: 'Why, on record' };
const needed: Field = { ...reason, isNeeded: true };

const isAlive = ({ outcome }: SessionView): boolean => outcome === null;
const isPaused = ({ state }: SessionView): boolean => state === 'PAUSED';

/** Its own fields, and the reason last. */
const command = (
  name: Act,
  word: string,
  of: Pick<Command, 'label' | 'text' | 'isOffered' | 'isDangerous'> & {
    readonly own?: readonly Field[];
    /** What it is about, which nobody fills in. */
    readonly about?: Given;
  },
  options: (given: Given) => readonly string[] = () => [],
  last: Field = reason,
): Command => ({
  name,
  ...of,
  fields: [...(of.own ?? []), last],
  twin: (id, given) => ({
    cli: [...word.split(' '), id, ...options(given), ...(given.reason === undefined ? [] : ['--reason', given.reason])],
    path: `/sessions/${part(id)}/commands/${name}`,
    body: { ...of.about, ...given },
  }),
});

export const COMMANDS: readonly Command[] = [
  command('pause', 'pause', {
    label: 'Pause',
    text: 'New calls wait until it is resumed; those under way end.',
    isOffered: (view) => isAlive(view) && !isPaused(view),
  }),
  command('resume', 'resume', {
    label: 'Resume',
    text: 'It goes on, with the tools and the configuration that it has pinned.',
    isOffered: isPaused,
  }),
  command(
    'extend',
    'extend',
    {
      label: 'Extend',
      text: 'Moves its deadline.',
      isOffered: isAlive,
      own: [{ name: 'by', label: 'How much later: 2h, 30m, 1h30m', value: '1h', isNeeded: true }],
    },
    ({ by = '' }) => ['--by', by],
  ),
  command(
    'topUp',
    'top-up',
    {
      label: 'Top up',
      text: 'Adds money to its budget.',
      isOffered: (view) => isAlive(view) && view.money?.limit !== null,
      own: [{ name: 'usd', label: 'How much more, in USD: 10, 0.5', isNeeded: true }],
    },
    ({ usd = '' }) => ['--by', usd],
  ),
  command(
    'checkpoint',
    'checkpoint',
    {
      label: 'Checkpoint',
      text: 'Names a point to which it can be rolled back.',
      isOffered: isAlive,
      own: [{ name: 'name', label: 'Name', isNeeded: true }],
    },
    ({ name = '' }) => [name],
  ),
  command('complete', 'complete', {
    label: 'Complete',
    text: 'Ends it as COMPLETED, after the reviews that its profile wants.',
    isOffered: isAlive,
  }),
  command(
    'cancel',
    'cancel',
    { label: 'Cancel', text: 'Ends it as FAILED.', isDangerous: true, isOffered: isAlive },
    () => [],
    needed,
  ),
];

/** Settles a call in doubt. */
export const resolveOf = (callId: string): Command =>
  command(
    'resolve',
    'resolve',
    {
      label: 'Resolve',
      text: 'Nobody knows whether this call took effect. Look at its server, then say what you found.',
      isOffered: isAlive,
      about: { callId },
      own: [
        {
          name: 'as',
          label: 'What you found',
          isNeeded: true,
          value: 'succeeded',
          choices: [
            ['succeeded', 'it took effect'],
            ['failed', 'it did not'],
            ['retry', 'send it again'],
          ],
        },
      ],
    },
    ({ as = '' }) => [callId, '--as', as],
    { ...needed, label: 'How you know, on record' },
  );

export const rollbackTo = (to: string | null): Command =>
  command(
    'rollback',
    'rollback',
    {
      label: 'Roll back',
      text: 'Undoes the steps of the plan, the last first.',
      isDangerous: true,
      isOffered: isAlive,
      about: to === null ? {} : { to },
    },
    () => (to === null ? [] : ['--to', to]),
    needed,
  );

/** Starts a session from a checkpoint. */
export const forkAt = (at: string): Command => {
  const made = command(
    'fork',
    'fork',
    {
      label: 'Fork',
      text: 'Starts a session of its own from this point, and this one goes on. Both act on the same world outside.',
      isOffered: () => true,
      about: { at },
    },
    () => ['--at', at],
    needed,
  );
  return { ...made, twin: (id, given) => ({ ...made.twin(id, given), path: `/sessions/${part(id)}/fork` }) };
};

export const closeIncident = (incident: string): Command =>
  command(
    'closeIncident',
    'incidents close',
    { label: 'Close', text: 'Says that it was looked at.', isOffered: isAlive, about: { incident } },
    () => [incident],
    { ...needed, label: 'What came of it, on record' },
  );
