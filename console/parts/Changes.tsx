import type { BeforeView } from '../../client/index.ts';
import { unified } from '../../cli/render/approvals/diff.ts';
import type { Json, JsonObject } from '../../protocol/values/json.ts';
import { visible } from '../../audit/page/elements.ts';
import { Block, json, Said } from './Said.tsx';

/** What a call would change, against what stood there when people were asked. */
export function Changes({ before, args }: { readonly before: BeforeView; readonly args: JsonObject }) {
  if ('problem' in before)
    return (
      <p>
        What stands there could not be read: <Said text={before.problem} />
      </p>
    );
  const { exists, text, restores, carriers } = before;
  if (exists && !restores) return <Block label="What stood there when it was asked" text={text} />;
  const was: JsonObject = restores ?? Object.fromEntries(carriers.map((name) => [name, '']));
  const names = exists ? [...new Set([...Object.keys(was), ...Object.keys(args)])] : carriers;
  const changes = names.map((name) => [name, unified(textOf(was[name]), textOf(args[name]))] as const);
  const changed = changes.filter(([, lines]) => lines.length > 0);
  return (
    <>
      {!exists && <p>Nothing stood there when it was asked.</p>}
      {changed.length === 0 && <p>It would change nothing.</p>}
      {changed.map(([name, lines]) => (
        <Diff key={name} name={name} lines={lines} />
      ))}
    </>
  );
}

const textOf = (value: Json | undefined): string =>
  value === undefined ? '' : typeof value === 'string' ? value : json(value);

const SIGNS: { readonly [sign: string]: string } = { '+': 'added', '-': 'removed', '@': 'place' };

/** Lines of a unified diff; what was added and removed also says so to those who see no colours. */
export const Diff = ({ name, lines }: { readonly name: string; readonly lines: readonly string[] }) => (
  <pre class="diff" tabIndex={0} role="group" aria-label={`Changes of ${visible(name)}`}>
    <strong>{visible(name)}</strong>
    {'\n'}
    {lines.map((line, index) => (
      <span key={index} class={SIGNS[line[0] ?? ''] ?? 'same'}>
        {visible(line)}
        {'\n'}
      </span>
    ))}
  </pre>
);
