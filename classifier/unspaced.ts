import type { Reading } from './acts.ts';
import type { Prose } from './facts.ts';
import { type Sense, unspacedVerbAt, type Verb } from './lexicon.ts';
import { isUnspaced, type Sentence } from './text.ts';

/**
 * The acts of a sentence in a script without blanks, the main one first. Chinese puts its verb first and joins others
 * to it with a mark or a word; Japanese and Korean put it last.
 */
export function readUnspaced(prose: Prose, sentence: Sentence, from: number): Reading[] {
  const first = prose.words[from];
  const last = prose.words[sentence.last - 1];
  if (!first || !last) return [];
  const isVerbLast = /[\u3040-\u30ff\uac00-\ud7af]/.test(prose.text.slice(first.start, last.end));
  const hits = hitsOf(prose, sentence, from, isVerbLast);
  return isVerbLast ? verbLast(prose, hits) : verbFirst(prose, hits);
}

/** A verb in the text, by the word it is in and its place in the whole text. */
interface Hit {
  at: number;
  start: number;
  end: number;
  verb: Verb;
}

function hitsOf(prose: Prose, sentence: Sentence, from: number, isVerbLast: boolean): Hit[] {
  const hits: Hit[] = [];
  for (let at = from; at < sentence.last; at++) {
    const word = prose.words[at];
    if (!word || !isUnspaced(word.text)) continue;
    for (let offset = 0; offset < word.text.length; ) {
      const found = unspacedVerbAt(word.text, offset, isVerbLast);
      if (!found) {
        offset++;
        continue;
      }
      const start = word.start + offset;
      const hit = { at, start, end: start + found.length, verb: found.verb };
      if (!isNegated(prose.text, hit)) hits.push(hit);
      offset += found.length;
    }
  }
  return hits;
}

/** "不修改" and "已删除" in front, "削除しません" and "삭제하지" behind; "入力してください" asks the reader. */
function isNegated(text: string, { start, end }: Hit): boolean {
  if (/[不未勿无已被]/.test(text.slice(Math.max(0, start - 1), start))) return true;
  return /^(?:し(?:ない|ません|てください)|せず|された|하지|되지|된|하세요|하십시오)/.test(
    text.slice(end, end + 6),
  );
}

const JOINS_BEFORE = /(?:[、/和或并及与]|以及|或者|并且)\s*$/;
/** What turns a verb into the first half of a noun: "update time". */
const NOUN_AFTER = /^(?:时间|日期|人|者|记录|数|量|状态|历史|方式|类型|列表|结果|次|時間|日時|的)/;
/** What follows lists what comes back. */
const LISTS_RESULTS = /返回|包括|包含|例如|比如|如：/;

function verbFirst({ text }: Prose, hits: readonly Hit[]): Reading[] {
  const main = hits.find((hit) => hit.verb.nounness === 0 && !isNoun(text, hit)) ?? hits[0];
  if (!main) return [];
  const readings = [readingOf(text, main)];
  for (const hit of hits) {
    if (hit.start <= main.start) continue;
    if (LISTS_RESULTS.test(text.slice(main.end, hit.start))) break;
    const isJoined = JOINS_BEFORE.test(text.slice(hit.start - 3, hit.start));
    // "Notes and comments" names things.
    if (hit.verb.nounness > 0) continue;
    const isListed = main.verb.vague && /[：:（(，,]\s*$/.test(text.slice(hit.start - 2, hit.start));
    if ((isJoined || isListed) && !isNoun(text, hit)) readings.push(readingOf(text, hit));
  }
  return readings;
}

function isNoun(text: string, { end }: Hit): boolean {
  return NOUN_AFTER.test(text.slice(end, end + 2));
}

/** A verb that is bent to go on: "作成し、…", "생성하고 …". */
const GOES_ON = /^(?:し、|し，|して|または|하고|하거나|하여|한 후)/;
const JOINS_AFTER = /^(?:する?)?(?:または|および|及び|や|か|하거나)?\s*(?:[、，,・·/]|및|또는|と)?\s*$/;

function verbLast({ text }: Prose, hits: readonly Hit[]): Reading[] {
  const readings: Reading[] = [];
  let isChained = true;
  for (let index = hits.length - 1; index >= 0; index--) {
    const hit = hits[index];
    const next = hits[index + 1];
    if (!hit) continue;
    if (next) {
      const gap = text.slice(hit.end, next.start);
      isChained &&= gap !== '' && JOINS_AFTER.test(gap);
      if (!isChained && !GOES_ON.test(text.slice(hit.end, hit.end + 4))) continue;
    }
    readings.push(readingOf(text, hit));
  }
  return readings;
}

/** What a model makes; any other text that is generated is only worked out. */
const MADE_BY_MODEL =
  /图片|图像|图|视频|音频|语音|音乐|海报|头像|画像|動画|音声|音楽|画|이미지|영상|음성|음악|비디오/;
const WORKS_OUT: Sense = { action: 'read', because: 'works out a text and returns it', ends: false };

function readingOf(text: string, hit: Hit): Reading {
  const sense = hit.verb.lemma === '生成' && !MADE_BY_MODEL.test(text.slice(hit.start - 12, hit.end + 16));
  return {
    at: hit.at,
    form: { verb: hit.verb, form: 'base' },
    sense: sense ? WORKS_OUT : hit.verb,
    object: { first: hit.at, last: hit.at },
    weak: hit.verb.vague,
  };
}
