/** The training flipbook: the map's dots where they were at each moment, forward and backward. */
import * as arrays from "../shared/arrays.js"
import { element, write } from "../shared/text.js"
import { say } from "../shared/sentences.js"

/** @import {Scene} from "../shared/browsertypes.js" */
/** @import {Film} from "../shared/types.js" */

const PACE = 120 // ms a moment

export class FilmBar {
  /**
   * @param {object} on
   * @param {(columns: Float32Array[] | null) => void} on.show null: the film is over
   * @param {(text: string) => void} on.say
   */
  constructor(on) {
    this.on = on
    /** @type {{film: Film, frames: Float32Array, rows: (number | undefined)[], n: number} | null} */
    this.reel = null
    /** @type {number | undefined} */
    this.ticking = undefined
    this.root = element("section", "ll-film")
    this.root.hidden = true
    this.play = /** @type {HTMLButtonElement} */ (element("button", "ll-button", "Play"))
    this.play.type = "button"
    this.play.addEventListener("click", () => (this.ticking ? this.#pause() : this.#start()))
    this.range = /** @type {HTMLInputElement} */ (element("input", "ll-range"))
    this.range.type = "range"
    this.range.min = "0"
    this.range.step = "1"
    this.range.setAttribute("aria-label", "Moment of the training")
    this.range.addEventListener("input", () => {
      this.#pause()
      this.#show(Number(this.range.value))
    })
    this.range.addEventListener("keydown", ({ key }) => key !== "Tab" && this.#pause()) // also where it is at its end
    this.caption = element("span", "ll-film-caption")
    const close = /** @type {HTMLButtonElement} */ (element("button", "ll-button", "Close"))
    close.type = "button"
    close.addEventListener("click", () => this.close())
    this.root.append(this.play, this.range, this.caption, close)
  }

  /**
   * @param {Film} film
   * @param {Scene} scene
   */
  async open(film, scene) {
    const length = film.captions.length
    const [frames, { ids }] = await Promise.all([
      arrays.halves(film.url, length * film.n * film.width),
      arrays.ids(film.ids_url, film.n),
    ])
    this.reel = { film, frames, rows: Array.from(ids, (id) => scene.rowOf.get(id)), n: scene.data.n }
    this.range.max = String(length - 1)
    this.on.say(say(`${film.n.toLocaleString("en")} {samples} followed; each moment is turned to lie on the last. {Pictures} come from the trained model.`))
    this.root.hidden = false
    this.#show(0)
    this.#start()
  }

  close() {
    if (this.root.hidden) return
    this.#pause()
    this.root.hidden = true
    this.reel = null
    this.on.say("")
    this.on.show(null)
  }

  /** @param {number} moment */
  #show(moment) {
    if (!this.reel) return
    const { film, rows, frames, n } = this.reel
    this.range.value = String(moment)
    this.range.setAttribute("aria-valuetext", film.captions[moment])
    write(this.caption, film.captions[moment])
    const columns = film.places.map((place) => {
      const column = new Float32Array(n).fill(NaN)
      rows.forEach((row, i) => {
        if (row !== undefined) column[row] = frames[(moment * film.n + i) * film.width + place]
      })
      return column
    })
    this.root.dataset.moment = String(moment)
    this.on.show(columns)
  }

  #start() {
    if (!this.reel) return
    const last = this.reel.film.captions.length - 1
    if (Number(this.range.value) >= last) this.#show(0)
    write(this.play, "Pause")
    this.ticking = window.setInterval(() => {
      const next = Number(this.range.value) + 1
      this.#show(next)
      if (next >= last) this.#pause()
    }, PACE)
  }

  #pause() {
    clearInterval(this.ticking)
    this.ticking = undefined
    write(this.play, "Play")
  }
}
