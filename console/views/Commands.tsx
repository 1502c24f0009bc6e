import { useSignal } from '@preact/signals';
import type { Accepted, SessionView } from '../../client/index.ts';
import { mayAct } from '../../protocol/identity/roles.ts';
import { me } from '../data/api.ts';
import { type Command, COMMANDS } from '../data/commands.ts';
import { Ask } from '../parts/Ask.tsx';

/** The commands that this person may give the session as it is. */
export function Commands({ of, onDone }: { readonly of: SessionView; readonly onDone: (said: string) => void }) {
  const offered = COMMANDS.filter(({ name, isOffered }) => isOffered(of) && mayAct(name, me.value?.roles ?? []));
  if (offered.length === 0) return null;
  return (
    <p class="buttons" role="group" aria-label="Commands">
      {offered.map((command) => (
        <Give key={command.name} command={command} session={of.id} onDone={onDone} />
      ))}
    </p>
  );
}

/** A button that asks before it gives its command. */
export function Give(props: {
  readonly command: Command;
  readonly session: string;
  readonly onDone: (said: string, answer: Answer) => void;
}) {
  const { command, session, onDone } = props;
  const isOpen = useSignal(false);
  return (
    <>
      <button type="button" class={command.isDangerous ? 'danger' : ''} onClick={() => (isOpen.value = true)}>
        {command.label}
      </button>
      {isOpen.value && (
        <Ask
          title={`${command.label}: ${session}`}
          act={command.label}
          isDangerous={command.isDangerous === true}
          fields={command.fields}
          twin={(given) => command.twin(session, given)}
          onClose={(accepted) => {
            isOpen.value = false;
            if (accepted) onDone(saidOf(command, accepted), accepted);
          }}
        >
          <p>{command.text}</p>
        </Ask>
      )}
    </>
  );
}

/** What the API says of a command that was given; of one that starts a session, its id. */
export type Answer = Partial<Accepted> & { readonly id?: string };

const saidOf = ({ label }: Command, { approval, persons, record, id }: Answer): string =>
  approval !== undefined
    ? `${label}: it takes effect once ${persons ?? 1} more approve it, as ${approval}.`
    : `${label}: done, ${id === undefined ? `record ${record}` : `as ${id}`}.`;
