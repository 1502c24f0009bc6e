import { visible } from '../../audit/page/elements.ts';

/** A text of a server, a model or a person: never markup, and nothing in it hides or changes direction. */
export const Said = ({ text }: { readonly text: string }) => <bdi>{visible(text)}</bdi>;

/** A text of many lines, or JSON, in full. */
export const Block = ({ text, label }: { readonly text: string; readonly label: string }) => (
  <pre tabIndex={0} role="group" aria-label={label}>
    {visible(text)}
  </pre>
);

export const json = (value: unknown): string => JSON.stringify(value, null, 2) ?? '';
