/** Whole numbers that become more, in pieces of a fixed size: nothing is copied when they grow. */
export interface Numbers {
  length(): number;
  push(value: number): void;
  at(index: number): number;
}

const PIECE_BITS = 16;
const PIECE = 1 << PIECE_BITS;

export function startNumbers(): Numbers {
  const pieces: Int32Array[] = [];
  let last = new Int32Array(0);
  let length = 0;
  return {
    length: () => length,
    push(value) {
      const place = length++ & (PIECE - 1);
      if (place === 0) {
        last = new Int32Array(PIECE);
        pieces.push(last);
      }
      last[place] = value;
    },
    at: (index) => pieces[index >> PIECE_BITS]?.[index & (PIECE - 1)] ?? 0,
  };
}
