import { cliOf, curlOf, type Twin } from '../data/twin.ts';
import { Block } from './Said.tsx';

/** How the same is done without this page. */
export const Twins = ({ of }: { readonly of: Twin }) => (
  <details class="twins">
    <summary>The same on the command line</summary>
    <Block label="The same with custody" text={cliOf(of)} />
    <Block label="The same with curl" text={curlOf(of)} />
  </details>
);
