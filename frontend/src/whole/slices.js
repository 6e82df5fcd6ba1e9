// Long work in slices, between which the browser paints, scrolls and listens.
const SLICE = 24;  // milliseconds

export class Slices {
  #signal; #begun = performance.now();

  // `signal` ends the work: `rest` throws its reason.
  constructor(signal) {
    this.#signal = signal;
  }

  get due() {
    return performance.now() - this.#begun > SLICE;
  }

  async rest() {
    await new Promise(done => setTimeout(done));
    this.#signal?.throwIfAborted();
    this.#begun = performance.now();
  }
}

// Whole numbers in the order of `compare`; those that are equal keep theirs.
export async function sorted(numbers, compare, slices) {
  const RUN = 256;
  let from = Int32Array.from(numbers);
  let to = new Int32Array(from.length);
  for (let begin = 0; begin < from.length; begin += RUN) {
    from.subarray(begin, begin + RUN).sort(compare);
    if (slices.due) await slices.rest();
  }
  for (let size = RUN; size < from.length; size *= 2) {
    for (let begin = 0; begin < from.length; begin += 2 * size) {
      const middle = Math.min(begin + size, from.length);
      const end = Math.min(begin + 2 * size, from.length);
      let [left, right] = [begin, middle];
      for (let place = begin; place < end; place += 1) {
        const takesLeft = left < middle && (right >= end || compare(from[left], from[right]) <= 0);
        to[place] = takesLeft ? from[left++] : from[right++];
        if (!(place & 255) && slices.due) await slices.rest();
      }
    }
    [from, to] = [to, from];
  }
  return from;
}
