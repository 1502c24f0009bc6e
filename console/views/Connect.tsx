import { useSignal } from '@preact/signals';
import { clientsOf } from '../data/connect.ts';
import { me } from '../data/api.ts';
import { filter, here } from '../data/route.ts';
import { part } from '../data/twin.ts';
import { Page } from '../parts/Page.tsx';
import { Block } from '../parts/Said.tsx';
import { shellWord } from '../../protocol/values/shell.ts';

/** Ready configuration for clients. The key in it is made on the command line, and shown there once. */
export function Connect() {
  const session = here.value.search.get('session') ?? me.value?.session ?? '';
  const { origin } = globalThis.location;
  const url = session === '' ? `${origin}/mcp` : `${origin}/mcp/${part(session)}`;
  const bound = session === '' ? '--session SESSION' : `--session ${shellWord(session)}`;
  return (
    <Page title="Connect">
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        <label>
          Session
          <input
            value={session}
            spellcheck={false}
            placeholder="session-1"
            onChange={(event) => filter({ session: event.currentTarget.value.trim() })}
          />
        </label>
      </form>
      <section aria-labelledby="key">
        <h2 id="key">A key</h2>
        <p>For one session, shown once. Where it runs is where the file of keys is.</p>
        <Copied label="Make a key" text={`custody token new desk-bot ${bound}`} />
      </section>
      {clientsOf(url, session === '' ? 'SESSION' : session).map(({ name, where, text }, index) => (
        <section key={name} aria-labelledby={`client${index}`}>
          <h2 id={`client${index}`}>{name}</h2>
          <p>{where}</p>
          <Copied label={`Configuration of ${name}`} text={text} />
        </section>
      ))}
    </Page>
  );
}

/** A text, and a button that copies it. */
function Copied({ label, text }: { readonly label: string; readonly text: string }) {
  const said = useSignal('');
  const copy = (): void => {
    void navigator.clipboard.writeText(text).then(
      () => (said.value = 'Copied.'),
      () => (said.value = 'The browser does not let this page copy: select the text.'),
    );
  };
  return (
    <>
      <Block label={label} text={text} />
      <p class="buttons">
        <button type="button" onClick={copy} aria-label={`Copy: ${label}`}>
          Copy
        </button>
        <span role="status">{said.value}</span>
      </p>
    </>
  );
}
