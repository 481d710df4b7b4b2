/** Sliders, one a coordinate of the code: dragged, stepped with arrow keys, or typed as a number. */
import { element, write } from "../shared/text.js"
import { say } from "../shared/sentences.js"

/** @import {Axis, CodeSpace} from "../shared/types.js" */

const FEW = 3 // stand in the strip; the others in a drawer under it
const MOST = 64

const DIGITS = 6

/** A number as the address bar keeps it. @param {number} value */
export const short = (value) => Number(value.toPrecision(DIGITS))

export class Sliders {
  /**
   * @param {object} on
   * @param {(dim: number, value: number) => void} on.move
   * @param {() => void} on.release
   * @param {() => void} on.home
   */
  constructor(on) {
    this.on = on
    this.root = element("div", "ll-sliders")
    this.rows = element("div", "ll-slider-rows")
    this.side = element("div", "ll-slider-side")
    this.home = /** @type {HTMLButtonElement} */ (element("button", "ll-button ll-home", say("back to the {sample}")))
    this.home.type = "button"
    this.home.addEventListener("click", () => on.home())
    this.whose = element("span", "ll-whose")
    this.side.append(this.whose, this.home)
    this.root.append(this.rows, this.side)
    this.drawer = /** @type {HTMLDetailsElement} */ (element("details", "ll-drawer"))
    this.summary = element("summary", "ll-drawer-head")
    this.others = element("div", "ll-drawer-rows")
    this.drawer.append(this.summary, this.others)
    /** @type {Slider[]} by coordinate; those beyond the 64 that matter most have none */
    this.sliders = []
    this.key = ""
  }

  /** @param {CodeSpace} space */
  set(space) {
    const key = JSON.stringify([space.key, space.axes, space.order])
    if (key === this.key) return
    this.key = key
    this.sliders = []
    const shown = space.order.slice(0, MOST)
    for (const dim of shown) {
      this.sliders[dim] = new Slider(space.axes[dim], {
        move: (value) => this.on.move(dim, value),
        release: () => this.on.release(),
      })
    }
    const first = shown.slice(0, FEW).sort((a, b) => a - b)
    this.rows.replaceChildren(...first.map((dim) => this.sliders[dim].root))
    this.others.replaceChildren(...shown.slice(FEW).map((dim) => this.sliders[dim].root))
    const left = space.axes.length - shown.length
    write(
      this.summary,
      `The other ${shown.length - first.length} numbers of the code, those that matter first` +
        (left ? `; ${left} more stay as they are` : ""),
    )
    this.drawer.hidden = shown.length <= FEW
    write(this.whose, `${space.title}’s ${space.axes.length === 1 ? "number" : "numbers"}`)
  }

  /**
   * @param {ArrayLike<number>} point
   * @param {boolean} moved away from the pinned image
   * @param {string} image how the pinned image is named
   */
  stand(point, moved, image) {
    this.sliders.forEach((slider, dim) => slider.stand(point[dim]))
    this.home.style.visibility = moved ? "visible" : "hidden"
    this.home.title = `Set every number to the code of ${image}`
  }
}

class Slider {
  /**
   * @param {Axis} axis
   * @param {{move: (value: number) => void, release: () => void}} on
   */
  constructor(axis, on) {
    this.axis = axis
    this.value = NaN
    this.root = element("div", "ll-slider")
    this.name = element("span", "ll-slider-name", axis.name)
    this.range = /** @type {HTMLInputElement} */ (element("input", "ll-range"))
    this.number = /** @type {HTMLInputElement} */ (element("input", "ll-number"))
    this.range.type = "range"
    this.range.step = "any"
    this.range.min = String(axis.start)
    this.range.max = String(axis.stop)
    this.number.type = "text" // a number field would follow the browser's language, and its wheel
    this.number.inputMode = "decimal"
    this.range.setAttribute("aria-label", axis.name)
    this.number.setAttribute("aria-label", `${axis.name}, typed`)
    this.root.title = say(`99 % of the {samples} lie between ${axis.low.toFixed(2)} and ${axis.high.toFixed(2)}. Beyond that the decoder guesses.`)
    this.root.append(this.name, this.range, this.number)
    this.range.addEventListener("input", () => on.move(short(Number(this.range.value))))
    this.range.addEventListener("change", () => on.release())
    this.range.addEventListener("keydown", (event) => {
      const to = this.#stepped(event)
      if (to === null) return
      event.preventDefault()
      on.move(to)
      on.release()
    })
    const typed = () => {
      const text = this.number.value.trim().replace(",", ".").replace("−", "-")
      const value = Number(text)
      this.number.value = this.value.toFixed(2) // what is no number leaves all as it was
      if (text === "" || !Number.isFinite(value) || Math.abs(value) > 1e6) return
      if (value.toFixed(2) === this.value.toFixed(2)) return
      on.move(short(value))
      on.release()
      this.number.value = value.toFixed(2)
    }
    this.number.addEventListener("change", typed)
    this.number.addEventListener("focus", () => this.number.select())
    this.number.addEventListener("keydown", (event) => {
      const to = event.key === "ArrowUp" || event.key === "ArrowDown" ? this.#stepped(event) : null
      if (to === null) return
      event.preventDefault()
      on.move(to)
      on.release()
      this.number.value = to.toFixed(2)
    })
  }

  /** @param {number} value */
  stand(value) {
    if (this.value !== value) {
      this.value = value
      this.range.min = String(Math.min(this.axis.start, value))
      this.range.max = String(Math.max(this.axis.stop, value))
      this.range.value = String(value)
      const beyond = value < this.axis.low || value > this.axis.high
      this.root.dataset.beyond = String(beyond)
      this.range.setAttribute("aria-valuetext", value.toFixed(2) + (beyond ? ", beyond the data" : ""))
    }
    if (document.activeElement !== this.number) this.number.value = value.toFixed(2)
  }

  /** Where a key leads: a hundredth of the range of the data, ten with a page key. @param {KeyboardEvent} event */
  #stepped({ key, shiftKey }) {
    const { low, high, start, stop } = this.axis
    const step = ((high - low) / 100) * (shiftKey ? 10 : 1)
    /** @type {Record<string, number>} */
    const by = { ArrowRight: step, ArrowUp: step, ArrowLeft: -step, ArrowDown: -step, PageUp: 10 * step, PageDown: -10 * step }
    if (key === "Home") return short(start)
    if (key === "End") return short(stop)
    return key in by ? short(this.value + by[key]) : null
  }
}
