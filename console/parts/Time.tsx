import { clock, distance } from '../data/clock.ts';

/** An instant, by its distance from now; in full when pointed at. */
export const Time = ({ at }: { readonly at: string }) => (
  <time dateTime={at} title={at}>
    {distance(at, clock.value)}
  </time>
);

/** An instant by the clock of whoever looks. */
export const At = ({ at }: { readonly at: string }) => (
  <time dateTime={at} title={at}>
    {new Date(at).toLocaleTimeString(undefined, { hour12: false })}
  </time>
);
