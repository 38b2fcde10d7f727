/** The answers that do not end by themselves, such as event streams: the shutdown ends them. */
export class OpenStreams {
  #ends = new Set<() => void>()
  #isEnding = false

  get size() {
    return this.#ends.size
  }

  /**
   * @param end ends the stream's answer; called once at most, and at once where the server is ending already. It does not throw.
   * @returns what takes the stream off the list, to be called when its client has left.
   */
  add(end: () => void): () => void {
    if (this.#isEnding) end()
    else this.#ends.add(end)
    return () => void this.#ends.delete(end)
  }

  /** Ends all streams, and those that are added later. */
  end() {
    this.#isEnding = true
    for (const end of this.#ends) end()
    this.#ends.clear()
  }
}
