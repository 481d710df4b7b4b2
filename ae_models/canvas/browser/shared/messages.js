/** What Python is told: one message at a time; what happens meanwhile goes together into the next one. */

const PATIENCE = 5000 // ms after which a message counts as heard: a server that restarted answers no more

export class Messages {
  constructor() {
    this.number = 0
    this.heard = 0
    /** @type {number | undefined} */
    this.patience = undefined
    this.send = (/** @type {object} */ _) => {}
    /** @type {Record<string, unknown> | null} */
    this.waiting = null
  }

  /** @param {(message: object) => void} send */
  through(send) {
    this.send = send
  }

  /** @param {Record<string, unknown>} words */
  say(words) {
    const before = this.waiting ?? {}
    if ("pin" in words || "home" in words) for (const name of ["point", "space", "home"]) delete before[name]
    if ("point" in words) delete before.home
    this.waiting = { ...before, ...words }
    this.#next()
  }

  /** Python's latest run has heard this message. @param {number} number */
  hear(number) {
    this.number = Math.max(this.number, number)
    this.heard = Math.max(this.heard, number)
    if (this.silent) this.#next()
  }

  /** Whether Python knows everything. */
  get silent() {
    return this.heard >= this.number
  }

  get settled() {
    return this.silent && !this.waiting
  }

  end() {
    clearTimeout(this.patience)
  }

  #next() {
    if (!this.silent || !this.waiting) return
    const message = { n: ++this.number, ...this.waiting }
    this.waiting = null
    clearTimeout(this.patience)
    this.patience = window.setTimeout(() => this.hear(message.n), PATIENCE)
    this.send(message)
  }
}
