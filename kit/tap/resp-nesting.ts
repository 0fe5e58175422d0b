/** The aggregates that a stream of RESP is inside, and how many elements each still lacks. */
export class RespNesting {
  #left: number[] = [];
  /** Whether each is an attribute, which stands before a value and is no element itself. */
  #attributes: boolean[] = [];

  get depth(): number {
    return this.#left.length;
  }

  /** An aggregate begins; it has at least one element. */
  begin(elements: number, attribute: boolean): void {
    this.#left.push(elements);
    this.#attributes.push(attribute);
  }

  /**
   * A leaf or an empty aggregate ended, and with it maybe those around it.
   *
   * @returns `whole` where nothing is open any more; `described` where that was an attribute, so that its value comes next.
   */
  end(): 'inside' | 'whole' | 'described' {
    for (let level = this.#left.length - 1; level >= 0; level--) {
      const left = this.#left[level]! - 1;
      this.#left[level] = left;
      if (left > 0) return 'inside';
      this.#left.pop();
      if (this.#attributes.pop()) return level === 0 ? 'described' : 'inside';
    }
    return 'whole';
  }
}
