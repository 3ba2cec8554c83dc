import type { RiskLevel } from '../classifier/contract.ts';
import { type Html, html } from './html.ts';

/**
 * A badge for a README: a small picture that stands by itself, without fonts, styles or addresses. Its colours are
 * those of the light pages; white on each has a contrast of 4.5 at least, and each is seen on white as on black.
 * All of its text is ours: no word of a server is in it.
 */

/** What a badge says at its right, and how it looks. */
export interface BadgeValue {
  text: string;
  /** Absent where nothing is known. */
  risk?: RiskLevel;
}

const COLOURS: Record<RiskLevel, string> = {
  low: '#3d6470',
  medium: '#866000',
  high: '#a64208',
  critical: '#b3142c',
};
const NEUTRAL = '#565d64';
const LABEL = '#33393f';

/** The shapes of `risk.ts`, white, 12 wide: a picture outside of our pages has none of their styles. */
const SHAPES: Record<RiskLevel, Html> = {
  low: html`<circle r="4.5" fill="none"/>`,
  medium: html`<circle r="4.5" fill="none"/><path d="M0-4.5a4.5 4.5 0 0 1 0 9z"/>`,
  high: html`<circle r="4.5"/>`,
  critical: html`<path d="M-2-4.8h4l2.8 2.8v4l-2.8 2.8h-4l-2.8-2.8v-4z"/>`,
};

const HEIGHT = 20;
const PADDING = 6;
const SHAPE_WIDTH = 16;

/** The badge as an SVG file. */
export function badge(label: string, { text, risk }: BadgeValue): string {
  const [labelWidth, textWidth] = [widthOf(label), widthOf(text)];
  const split = labelWidth + 2 * PADDING;
  const shapeWidth = risk === undefined ? 0 : SHAPE_WIDTH;
  const width = split + shapeWidth + textWidth + 2 * PADDING;
  const value = split + PADDING;
  const ground = html`<path fill="${LABEL}" d="M3 0h${split - 3}v20H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z"/>
<path fill="${risk === undefined ? NEUTRAL : COLOURS[risk]}" d="M${split} 0h${width - split - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H${split}z"/>`;
  const mark =
    risk !== undefined &&
    html`<g transform="translate(${value + 6} 10)" fill="#fff" stroke="#fff" stroke-width="1.5">${SHAPES[risk]}</g>`;
  const words = html`<g fill="#fff" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11">
<text x="${PADDING}" y="14" textLength="${labelWidth}">${label}</text>
<text x="${value + shapeWidth}" y="14" textLength="${textWidth}">${text}</text></g>`;
  const name = `${label}: ${text}`;
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${HEIGHT}" viewBox="0 0 ${width} ${HEIGHT}" role="img" aria-label="${name}">
<title>${name}</title>
${ground}${mark}${words}</svg>
`.toString();
}

/**
 * Widths in Verdana at 11 px, rounded to a tenth, by groups of characters. `textLength` makes any other font as wide, so
 * what is left of an error is spread over the letters.
 */
const WIDTHS: readonly [characters: string, width: number][] = [
  ['ijl', 3],
  ['I,.: ', 4.2],
  ['frt', 4.6],
  ['csz', 5.7],
  ['akvxy', 6.6],
  ['bdeghnopqu0123456789', 6.9],
  ['CPST', 7.5],
  ['EFL', 6.8],
  ['w', 9],
  ['mM', 10.2],
];
const OTHER_WIDTH = 7.6;

function widthOf(text: string): number {
  const sum = [...text].reduce((width, character) => width + characterWidth(character), 0);
  return Math.ceil(sum);
}

function characterWidth(character: string): number {
  return WIDTHS.find(([characters]) => characters.includes(character))?.[1] ?? OTHER_WIDTH;
}
