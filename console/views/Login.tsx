import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { login, Refused } from '../data/api.ts';
import { go, here, to } from '../data/route.ts';
import { Page } from '../parts/Page.tsx';
import { Trouble } from '../parts/Trouble.tsx';

/** What a link of a process of this machine says after `#`, which no server is told. */
const ENTER = 'enter';

export function Login() {
  const error = useSignal<Refused | null>(null);
  const isBusy = useSignal(false);
  const tryTo = async (how: Parameters<typeof login>[0]): Promise<void> => {
    isBusy.value = true;
    error.value = null;
    try {
      await login(how);
    } catch (problem) {
      error.value = problem as Refused;
    }
    isBusy.value = false;
  };
  useEffect(() => {
    const once = globalThis.location.hash.slice(1);
    if (here.value.path[0] !== ENTER) return;
    go(to(), 'replace');
    if (once !== '') void tryTo({ once });
  }, []);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    void tryTo({ token: String(new FormData(form).get('token') ?? '') });
  };
  return (
    <Page title="Log in">
      <form onSubmit={submit} class="login">
        <label for="token">API key, or access token of your identity provider</label>
        <input id="token" name="token" type="password" autocomplete="off" required spellcheck={false} />
        <button type="submit" disabled={isBusy.value}>
          Log in
        </button>
      </form>
      {error.value && <Trouble error={error.value} />}
      <p>
        <code>custody token new NAME --role operator --role approver</code> makes a key. The log-in lasts 12 hours at
        most, ends with the key, and no script of this page can read it.
      </p>
    </Page>
  );
}
