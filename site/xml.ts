import { type Html, html } from './html.ts';
import { visible } from './visible.ts';

/** XML by the same escaping template as HTML: what it escapes, and how, means the same in both. */
export const xml = html;

/** The first line of every XML file. */
export const XML_DECLARATION: Html = html`<?xml version="1.0" encoding="utf-8"?>`;

/** Two code points that are no characters, which XML 1.0 (section 2.2) forbids beside controls and half surrogates. */
const NONCHARACTERS = /[\ufffe\uffff]/g;

/** Text for an XML file: whatever XML forbids or nobody sees is shown as its code point. It does not escape. */
export function xmlText(text: string): string {
  return visible(text).replaceAll(
    NONCHARACTERS,
    (character) => `[U+${character.charCodeAt(0).toString(16).toUpperCase()}]`,
  );
}
