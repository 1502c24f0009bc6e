import type { ComponentChildren } from 'preact';

/** Names and what they are; those without a value are left out. */
export const Facts = ({ of }: { readonly of: readonly (readonly [string, ComponentChildren])[] }) => (
  <dl class="facts">
    {of.map(([name, value]) =>
      value === null || value === undefined || value === false ? null : (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ),
    )}
  </dl>
);

/** How much of something is used, as a bar and in words. */
export const Bar = (props: {
  readonly label: string;
  readonly used: number;
  readonly of: number;
  readonly text: string;
}) => (
  <span class="bar">
    <meter
      aria-label={`${props.label}: ${props.text}`}
      min={0}
      max={Math.max(props.of, 1)}
      value={props.used}
      high={props.of * 0.8}
      optimum={0}
    />{' '}
    {props.text}
  </span>
);

/** A table that can be scrolled on a narrow screen, also by keyboard. */
export const Table = (props: {
  readonly caption: string;
  readonly head: readonly string[];
  readonly children: ComponentChildren;
}) => (
  <div class="scroll" tabIndex={0} role="group" aria-label={props.caption}>
    <table>
      <caption>{props.caption}</caption>
      <thead>
        <tr>
          {props.head.map((name) => (
            <th scope="col" key={name}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{props.children}</tbody>
    </table>
  </div>
);
