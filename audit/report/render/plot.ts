import { formatUsd } from '../../../protocol/money/usd.ts';
import type { Plot } from '../model.ts';
import { Html, html } from './html.ts';

const WIDTH = 640;
const LEFT = 90;
const RIGHT = 60;
const BAR = 20;
const ROW = 26;

/** A plot as SVG: no script, and colours from the page around it. */
export function plotOf(plot: Plot, title: string): Html {
  return plot.as === 'bars' ? bars(plot.bars, title) : steps(plot.steps, title);
}

function bars(all: Extract<Plot, { as: 'bars' }>['bars'], title: string): Html {
  const most = Math.max(1, ...all.map(({ value }) => value));
  const height = all.length * ROW + 4;
  const wide = (value: number): number => round((value / most) * (WIDTH - LEFT - RIGHT));
  return html`<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}">
    ${all.map(({ name, value }, index) => {
      const y = index * ROW + 2;
      return html`<text x="${LEFT - 8}" y="${y + 15}" text-anchor="end">${name}</text
        ><rect
          x="${LEFT}"
          y="${y}"
          width="${wide(value)}"
          height="${BAR}"
          class="bar ${index === 0 ? 'good' : ''}"
        /><text x="${LEFT + wide(value) + 6}" y="${y + 15}">${value}</text>`;
    })}
  </svg>`;
}

const HEIGHT = 220;
const TOP = 12;
const BOTTOM = 28;

function steps(all: Extract<Plot, { as: 'steps' }>['steps'], title: string): Html {
  const [first, last] = [all[0], all.at(-1)];
  if (!first || !last) return new Html('');
  const [from, until] = [Date.parse(first.at), Math.max(Date.parse(last.at), Date.parse(first.at) + 1)];
  const top = niceAbove(Math.max(1, ...all.map(({ value }) => value)));
  const x = (at: string): number => round(LEFT + ((Date.parse(at) - from) / (until - from)) * (WIDTH - LEFT - RIGHT));
  const y = (value: number): number => round(HEIGHT - BOTTOM - (value / top) * (HEIGHT - TOP - BOTTOM));
  const path = all
    .map(({ at, value }, index) => (index === 0 ? `M${x(at)} ${y(value)}` : `H${x(at)}V${y(value)}`))
    .join('');
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">
    ${[0, 0.25, 0.5, 0.75, 1].map(
      (share) =>
        html`<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(top * share)}" y2="${y(top * share)}" class="grid" /><text
            x="${LEFT - 8}"
            y="${y(top * share) + 4}"
            text-anchor="end"
            >${usd(top * share)}</text
          >`,
    )}
    <path d="${path}" class="line" />
    <circle cx="${x(last.at)}" cy="${y(last.value)}" r="3" class="dot" />
    <text x="${LEFT}" y="${HEIGHT - 8}">${clock(first.at)}</text>
    <text x="${WIDTH - RIGHT}" y="${HEIGHT - 8}" text-anchor="end">${clock(last.at)} UTC</text>
  </svg>`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
const usd = (microUsd: number): string => formatUsd(Math.round(microUsd));
const clock = (at: string): string => at.slice(0, 19).replace('T', ' ');

/** The next of 1, 2, 4, 10, 20, …: four lines of it are round. */
function niceAbove(value: number): number {
  const ten = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 4, 10].find((each) => each * ten >= value) ?? 10) * ten;
}
