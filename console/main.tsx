import { render } from 'preact';
import { useEffect } from 'preact/hooks';
import { ask, logout, me, type Me } from './data/api.ts';
import { startClock } from './data/clock.ts';
import { followLinks, here, to } from './data/route.ts';
import { Approval } from './views/Approval.tsx';
import { Connect } from './views/Connect.tsx';
import { Inbox } from './views/Inbox.tsx';
import { Incidents } from './views/Incidents.tsx';
import { Login } from './views/Login.tsx';
import { Cost } from './views/money/Cost.tsx';
import { Review } from './views/Review.tsx';
import { Session } from './views/Session.tsx';
import { Sessions } from './views/Sessions.tsx';
import { Said } from './parts/Said.tsx';

const VIEWS = [
  ['', 'Inbox'],
  ['sessions', 'Sessions'],
  ['cost', 'Cost'],
  ['incidents', 'Incidents'],
  ['connect', 'Connect'],
] as const;

function App() {
  useEffect(() => {
    if (here.value.path[0] === 'enter') me.value = null;
    else
      ask<Me>('/me').then(
        (known) => (me.value = known),
        () => (me.value = null),
      );
  }, []);
  if (me.value === undefined) return null;
  if (me.value === null) return <Login />;
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header>
        <nav aria-label="Views">
          {VIEWS.map(([path, name]) => (
            <a
              key={path}
              href={path === '' ? to() : to(path)}
              aria-current={(here.value.path[0] ?? '') === path ? 'page' : undefined}
            >
              {name}
            </a>
          ))}
        </nav>
        <p class="who">
          <Said text={me.value.subject} /> <small>{me.value.roles.join(', ')}</small>{' '}
          <button type="button" onClick={() => void logout()}>
            Log out
          </button>
        </p>
      </header>
      <View />
    </>
  );
}

function View() {
  const { path } = here.value;
  const [view = '', one, two] = path;
  if (view === 'sessions' && one !== undefined) return <Session key={one} id={one} />;
  if (view === 'sessions') return <Sessions />;
  if (view === 'approvals' && one !== undefined && two !== undefined)
    return <Approval key={path.join('/')} session={one} id={two} />;
  if (view === 'reviews' && one !== undefined && two !== undefined)
    return <Review key={path.join('/')} session={one} id={two} />;
  if (view === 'cost') return <Cost />;
  if (view === 'incidents') return <Incidents />;
  if (view === 'connect') return <Connect />;
  return <Inbox />;
}

followLinks();
startClock();
render(<App />, document.body);
