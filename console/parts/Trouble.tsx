import type { Asked } from '../data/asked.ts';
import type { Refused } from '../data/api.ts';
import { Said } from './Said.tsx';

/** What was refused, why, and what to do. */
export const Trouble = ({ error }: { readonly error: Refused }) => (
  <p class="trouble" role="alert">
    <strong>{error.code}</strong> <Said text={error.message} /> {error.remedy}
  </p>
);

/** That something is still asked for, or failed. */
export const Waiting = ({ asked, what }: { readonly asked: Asked<unknown>; readonly what: string }) =>
  asked.error ? <Trouble error={asked.error} /> : asked.data ? null : <p role="status">Asking for {what} …</p>;
