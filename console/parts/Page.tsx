import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** A view: its heading takes the focus when it is come to, so that a screen reader says where one is. */
export function Page(props: {
  readonly title: string;
  readonly heading?: ComponentChildren;
  readonly children: ComponentChildren;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${props.title} · Custody`;
  }, [props.title]);
  useEffect(() => {
    heading.current?.focus();
  }, []);
  return (
    <main id="main">
      <h1 tabIndex={-1} ref={heading}>
        {props.heading ?? props.title}
      </h1>
      {props.children}
    </main>
  );
}
