import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Accepted } from '../../client/index.ts';
import { ask, Refused } from '../data/api.ts';
import type { Twin } from '../data/twin.ts';
import { Trouble } from './Trouble.tsx';
import { Twins } from './Twins.tsx';

/** What is filled in before a command is given. */
export interface Field {
  readonly name: string;
  readonly label: string;
  readonly value?: string;
  readonly isNeeded?: boolean;
  readonly choices?: readonly (readonly [value: string, label: string])[];
}

export interface AskProps {
  readonly title: string;
  /** What it does, in a sentence. */
  readonly children?: ComponentChildren;
  /** Of the button that does it. */
  readonly act: string;
  readonly isDangerous?: boolean;
  readonly fields: readonly Field[];
  /** @param given texts by the name of their field; empty ones are left out */
  readonly twin: (given: Given) => Twin;
  /** @param accepted null where it was given up */
  readonly onClose: (accepted: Accepted | null) => void;
}

export type Given = { readonly [name: string]: string };

/** A dialog before a command: what it is for, a reason, and what it looks like on the command line. */
export function Ask({ title, children, act, isDangerous, fields, twin, onClose }: AskProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const key = useRef<string>(crypto.randomUUID());
  const given = useSignal<Given>(Object.fromEntries(fields.map(({ name, value = '' }) => [name, value])));
  const error = useSignal<Refused | null>(null);
  const isBusy = useSignal(false);
  // The first field has the focus then: never a button that does something.
  useEffect(() => dialog.current?.showModal(), []);
  const made = twin(Object.fromEntries(Object.entries(given.value).filter(([, value]) => value.trim() !== '')));
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    isBusy.value = true;
    error.value = null;
    try {
      onClose(await ask<Accepted>(made.path, { body: made.body, key: key.current }));
    } catch (problem) {
      error.value = problem as Refused;
      // A command that was refused once stays refused under its id.
      if (error.value.code !== 'UNREACHABLE') key.current = crypto.randomUUID();
    }
    isBusy.value = false;
  };
  return (
    <dialog ref={dialog} aria-labelledby="ask-title" onClose={() => onClose(null)}>
      <form onSubmit={(event) => void submit(event)}>
        <h2 id="ask-title">{title}</h2>
        {children}
        {fields.map((field) => (
          <Entry
            key={field.name}
            field={field}
            value={given.value[field.name] ?? ''}
            onValue={(value) => (given.value = { ...given.value, [field.name]: value })}
          />
        ))}
        {error.value && <Trouble error={error.value} />}
        <Twins of={made} />
        <p class="buttons">
          <button type="button" onClick={() => dialog.current?.close()}>
            Leave it
          </button>
          <button type="submit" class={isDangerous ? 'danger' : 'main'} disabled={isBusy.value}>
            {act}
          </button>
        </p>
      </form>
    </dialog>
  );
}

const Entry = (props: { readonly field: Field; readonly value: string; readonly onValue: (value: string) => void }) => {
  const { name, label, isNeeded, choices } = props.field;
  const about = { id: `ask-${name}`, name, required: isNeeded === true, value: props.value };
  return (
    <p>
      <label for={about.id}>
        {label}
        {isNeeded ? '' : ' (may be left empty)'}
      </label>
      {choices ? (
        <select {...about} onChange={(event) => props.onValue(event.currentTarget.value)}>
          {choices.map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      ) : (
        <textarea
          {...about}
          rows={name === 'reason' ? 2 : 1}
          onInput={(event) => props.onValue(event.currentTarget.value)}
        />
      )}
    </p>
  );
};
