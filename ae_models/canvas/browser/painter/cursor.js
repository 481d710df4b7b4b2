/** The maps by keyboard: a cross that arrow keys move and that touches what it stands on, as the pointer does. */
import { home, shifted, turned, zoomed } from "./viewport.js"
import { element, named, write } from "../shared/text.js"

/** @import {Spot} from "../shared/browsertypes.js" */
/** @import {LatentMaps} from "./maps.js" */
/** @import {Card} from "./cards.js" */

const STEP = 8 // pixels
const FAST = 5 // times that, with Shift
const CLOSER = 0.8
const SHIFT = 0.1 // of what a flat map shows
const TURN = Math.PI / 18

/** @type {Record<string, [number, number]>} to the right, and up */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }
/** @type {Record<string, [number, number]>} */
const LETTERS = { a: [-1, 0], d: [1, 0], w: [0, 1], s: [0, -1] }
const HINT = {
  2: "Arrows (Shift: faster) · Enter pins · + − zoom · WASD shift · 0 all · Esc",
  3: "Arrows (Shift: faster) · Enter pins · + − zoom · WASD turn · 0 first view · Esc",
}

export class Cursor {
  /**
   * @param {LatentMaps} maps
   * @param {object} on
   * @param {(spot: Spot | null) => number | null} on.touch gives the row under the cross
   * @param {(spot: Spot) => void} on.pin
   * @param {(spot: Spot, phase: "start" | "move" | "end") => boolean} on.drag true when a tool takes it
   */
  constructor(maps, on) {
    this.maps = maps
    this.on = on
    this.root = element("div", "ll-cursor")
    this.root.hidden = true
    this.root.setAttribute("aria-hidden", "true")
    this.words = element("span", "ll-unseen")
    this.words.setAttribute("role", "status")
    /** @type {Spot | null} where the cross stands, also while it is hidden */
    this.spot = null
    this.drawing = false
    maps.grid.append(this.root, this.words)
  }

  /** @param {Card} card @param {number} place */
  listen({ area }, place) {
    area.addEventListener("keydown", (event) => this.#key(event, place))
    area.addEventListener("focus", () => {
      if (this.spot?.place !== place) this.spot = null
      if (area.matches(":focus-visible:not([data-clicked])")) this.#show(this.#start(place))
    })
    area.addEventListener("blur", () => this.#letGo())
  }

  /** What the keys do on these maps. */
  get hint() {
    return HINT[this.maps.data?.dim ?? 2]
  }

  /** The pointer took over. */
  hide() {
    this.root.hidden = true
  }

  /** @param {KeyboardEvent} event @param {number} place */
  #key(event, place) {
    if (event.altKey || event.metaKey || event.target !== event.currentTarget || !this.maps.seen(place)) return
    const arrow = ARROWS[event.key]
    const letter = LETTERS[event.key.toLowerCase()]
    if (arrow && !event.ctrlKey) this.#move(place, arrow, event.shiftKey ? FAST * STEP : STEP)
    else if (arrow ?? (event.ctrlKey ? null : letter)) this.#lie(place, arrow ?? letter)
    else if (event.ctrlKey) return
    else if (event.key === "+" || event.key === "=") this.#zoom(place, CLOSER)
    else if (event.key === "-" || event.key === "_") this.#zoom(place, 1 / CLOSER)
    else if (event.key === "0") this.#home(place)
    else if (event.key === "Enter" || event.key === " ") this.#press(this.#start(place))
    else if (event.key === "Escape") this.#letGo()
    else return
    event.preventDefault()
  }

  /** Where the cross stands on a map, or begins: on what is marked there, or in the middle. @param {number} place @returns {Spot} */
  #start(place) {
    if (this.spot?.place === place) return this.spot
    const { width, height } = this.maps.places[place]
    const marks = this.maps.marks.spots[place]
    const at = marks && (marks.cross ?? marks.ring)
    const [x, y] = (at && this.maps.seen(place)?.project(at)) ?? [-1, -1]
    const inside = x >= 0 && y >= 0 && x < width && y < height
    return inside ? { place, x, y } : { place, x: width / 2, y: height / 2 }
  }

  /** @param {number} place @param {[number, number]} by @param {number} step */
  #move(place, [across, up], step) {
    const { x, y } = this.#start(place)
    const { width, height } = this.maps.places[place]
    const within = (/** @type {number} */ value, /** @type {number} */ end) => Math.min(end - 1, Math.max(0, value))
    this.#stand({ place, x: within(x + step * across, width), y: within(y - step * up, height) })
  }

  /** @param {Spot} spot */
  #stand(spot) {
    this.#show(spot)
    if (this.drawing && this.on.drag(spot, "move")) return
    this.#say(this.on.touch(spot), spot)
  }

  /** @param {Spot} spot */
  #show(spot) {
    const { left, top } = this.maps.places[spot.place]
    this.spot = spot
    this.root.hidden = false
    this.root.style.transform = `translate(${left + spot.x}px, ${top + spot.y}px)`
  }

  /** For whoever cannot see it. @param {number | null} row @param {Spot} spot */
  #say(row, { place, x, y }) {
    const { scene } = this.maps
    if (!scene) return
    const point = this.maps.seen(place)?.unproject?.(x, y)
    if (row !== null) write(this.words, named(scene.ids[row], scene.data.class_names[scene.labels[row]]))
    else write(this.words, point ? point.map((value) => value.toFixed(2)).join(", ") : "")
  }

  /** @param {number} place @param {number} factor */
  #zoom(place, factor) {
    const { painter, places } = this.maps
    const look = painter.look(place)
    const spot = this.#start(place)
    if (look) painter.aim(place, zoomed(look, factor, spot.x / places[place].width, 1 - spot.y / places[place].height))
    if (!this.root.hidden) this.#stand(spot)
  }

  /** Shift a flat map, turn one in space. @param {number} place @param {[number, number]} by */
  #lie(place, [across, up]) {
    const { painter, data } = this.maps
    const look = painter.look(place)
    if (!look) return
    painter.aim(place, data?.dim === 3 ? turned(look, TURN * across, TURN * up) : shifted(look, SHIFT * across, SHIFT * up))
    if (!this.root.hidden) this.#stand(this.#start(place))
  }

  /** @param {number} place */
  #home(place) {
    const { painter, scene } = this.maps
    const points = scene?.points[place]
    if (scene && points) painter.aim(place, home(points, scene.data.dim))
    if (!this.root.hidden) this.#stand(this.#start(place))
  }

  /** Pin; with a lasso or a box in hand, begin or end it. @param {Spot} spot */
  #press(spot) {
    this.#show(spot)
    if (this.drawing) {
      this.drawing = false
      this.on.drag(spot, "end")
    } else if (this.on.drag(spot, "start")) this.drawing = true
    else this.on.pin(spot)
  }

  #letGo() {
    if (this.drawing && this.spot) this.on.drag(this.spot, "end")
    this.drawing = false
    if (this.root.hidden) return
    this.hide()
    write(this.words, "")
    this.on.touch(null)
  }
}
