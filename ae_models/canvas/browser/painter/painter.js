/** The maps of dots: a canvas each, painted when something changed, and moved by hand, wheel, fingers and keys. */
import { DotMap } from "./dot_map.js"
import { fitted } from "./project.js"
import { home, shifted, turned, zoomed } from "./viewport.js"
import { element } from "../shared/text.js"

/** @import {Backdrop, Lie, Look, Place, Points, Scene, Spot} from "../shared/browsertypes.js" */
/** @import {Phase} from "../select/lasso.js" */

const REST = 120 // ms after a move until all dots are drawn again, where only some were
const SPEED = 0.0016 // of a zoom, for a pixel of the wheel
const PINCH = 0.01 // the same for two fingers on a touchpad, which come as small steps with Ctrl
const LINE = 20 // pixels of a wheel that counts in lines
const MOST = 120 // pixels of the wheel that count at once

/** The maps that have points. @param {Scene} scene @returns {[number, Points][]} place and points */
export const drawn = ({ points }) => points.flatMap((one, place) => (one ? [/** @type {[number, Points]} */ ([place, one])] : []))

export class Painter {
  /**
   * @param {HTMLElement} parent what the maps lie in
   * @param {object} on
   * @param {() => void} on.moved marks have to be placed again
   * @param {() => void} on.rested a map was shifted, zoomed or turned
   */
  constructor(parent, on) {
    this.on = on
    this.root = /** @type {HTMLElement & {painter?: Painter}} */ (element("div", "ll-figure"))
    this.root.painter = this // whoever asks in the console, or in a test, finds the maps here
    /** @type {2 | 3 | null} how many dimensions are on the screen; null: nothing is */
    this.dim = null
    /** @type {Scene | null} */
    this.scene = null
    /** @type {Place[]} */
    this.places = []
    /** @type {Map<number, DotMap>} */
    this.maps = new Map()
    /** @type {(string | null)[]} what each map shows: how it lies is kept while that stays the same */
    this.shown = []
    /** @type {Backdrop[]} pictures under the dots */
    this.below = []
    /** @type {Uint8Array | null} 1 for a row that stands out on all maps; null: all are alike */
    this.chosen = null
    /** @type {Set<number>} maps that wait for the next frame */
    this.waiting = new Set()
    this.frame = this.resting = 0
    /** @type {{spot: Spot, look: Look} | null} where a drag began */
    this.grasped = null
    /** @type {Map<number, {x: number, y: number}>} fingers on the maps */
    this.fingers = new Map()
    this.root.addEventListener("wheel", (event) => this.#wheel(event), { passive: false })
    for (const name of /** @type {const} */ (["pointerdown", "pointermove", "pointerup", "pointercancel"]))
      parent.addEventListener(name, (event) => this.#finger(event)) // not the maps: a drag is captured by their parent
    parent.append(this.root)
  }

  /** @param {Scene} scene @param {Lie} lie */
  draw(scene, { places }) {
    const { dim, panels, view, looks } = scene.data
    const before = this.dim === dim ? this.shown : []
    this.shown = panels.map((panel, place) => scene.points[place] && `${view} ${panel.points_url}`)
    Object.assign(this, { dim, scene, places })
    this.below = []
    if (this.chosen?.length !== scene.data.n) this.chosen = null
    for (const place of this.maps.keys()) if (!scene.points[place]) this.#drop(place)
    for (const [place, points] of drawn(scene)) {
      const map = this.maps.get(place) ?? this.#add(place)
      if (before[place] !== this.shown[place]) map.look = looks[place] ?? home(points, dim)
      map.pictures = []
      map.chosen = this.chosen
      map.lay(places[place])
      map.colour(scene.paint)
      this.#fill(place, points)
      map.paint()
    }
    this.on.moved()
  }

  /** @param {number} place */
  #add(place) {
    const map = new DotMap()
    this.maps.set(place, map)
    this.root.append(map.canvas)
    return map
  }

  /** @param {number} place */
  #drop(place) {
    this.maps.get(place)?.canvas.remove()
    this.maps.delete(place)
  }

  /** @param {number} place @param {Points} points */
  #fill(place, points) {
    const { scene } = this
    if (scene) this.maps.get(place)?.show({ dim: scene.data.dim, points, hidden: scene.hidden, preserve: scene.data.panels[place].preserve_aspect })
  }

  /** Rows were hidden or came back, or dots lie elsewhere. @param {Scene} scene */
  again(scene) {
    if (this.dim === null) return
    this.scene = scene
    for (const [place, points] of drawn(scene)) {
      this.#fill(place, points)
      this.#soon(place)
    }
  }

  /** Dots have other colours. @param {Scene} scene */
  recolour(scene) {
    if (this.dim === null) return
    this.scene = scene
    for (const [place, map] of this.maps) {
      map.colour(scene.paint)
      this.#soon(place)
    }
  }

  /** Some rows stand out: the others are faint. @param {Uint8Array | null} chosen 1 for each of them; null: all are alike */
  standOut(chosen) {
    if (!chosen && !this.chosen) return
    this.chosen = chosen
    for (const [place, map] of this.maps) {
      map.chosen = chosen
      this.#soon(place)
    }
  }

  /** Pictures under the dots of flat maps. @param {Backdrop[]} pictures */
  async backdrops(pictures) {
    if (this.dim !== 2) return
    this.below = pictures
    const images = await Promise.all(pictures.map(({ source }) => loaded(source)))
    if (this.below !== pictures) return
    for (const [place, map] of this.maps) {
      map.pictures = pictures.map((one, i) => ({ ...one, image: images[i] })).filter((one) => one.place === place)
      this.#soon(place)
    }
  }

  /** @param {Lie} lie */
  resize({ places }) {
    this.places = places
    for (const [place, map] of this.maps) {
      map.lay(places[place])
      map.paint()
    }
    this.on.moved()
  }

  /** How a map lies, all of it that is seen. @param {number} place @returns {Look | null} */
  look(place) {
    const map = this.maps.get(place)
    if (!map?.content) return null
    return this.dim === 2 ? fitted(map.look, map.area, map.content.preserve) : map.look
  }

  /** The same as it was asked for. @param {number} place @returns {Look | null} */
  asked(place) {
    return this.maps.get(place)?.look ?? null
  }

  /** @param {number} place @param {Look} look */
  aim(place, look) {
    const map = this.maps.get(place)
    if (!map) return
    map.look = look
    this.#soon(place, true)
    this.on.rested()
  }

  /** How a map lies. @param {number} place */
  seen(place) {
    return this.maps.get(place)?.seen() ?? null
  }

  /** The dot under a spot, or the nearest one seen. @param {Spot} spot @param {number} reach */
  pick({ place, x, y }, reach) {
    if (this.waiting.has(place)) this.#now()
    return this.maps.get(place)?.pick(x, y, reach) ?? null
  }

  /** A drag shifts a flat map and turns one in space. @param {Spot} spot @param {Phase} phase */
  grasp({ place, x, y }, phase) {
    const look = this.look(place)
    if (phase === "start") this.grasped = look && { spot: { place, x, y }, look }
    if (!this.grasped || this.fingers.size > 1) return Boolean(this.grasped)
    const { spot, look: from } = this.grasped
    const { width, height } = this.places[place]
    const [across, up] = [(x - spot.x) / width, (spot.y - y) / height]
    if (phase === "move" && (across || up)) this.aim(place, this.dim === 3 ? turned(from, -Math.PI * across, -Math.PI * up) : shifted(from, -across, -up))
    if (phase === "end") this.grasped = null
    return true
  }

  /** Whether a drag belongs to a tool. @param {boolean} still */
  hold(still) {
    if (this.dim === 2) this.root.classList.toggle("ll-still", still)
  }

  /** Nearer or further, about a spot. @param {Spot} spot @param {number} factor */
  #zoom({ place, x, y }, factor) {
    const look = this.look(place)
    const { width, height } = this.places[place]
    if (look) this.aim(place, zoomed(look, factor, x / width, 1 - y / height))
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    const spot = this.#spot(event)
    if (!spot) return
    event.preventDefault()
    const pixels = Math.max(-MOST, Math.min(MOST, event.deltaY * (event.deltaMode ? LINE : 1)))
    const fine = event.ctrlKey && Math.abs(pixels) < LINE
    this.#zoom(spot, Math.exp(pixels * (fine ? PINCH : SPEED)))
  }

  /** Two fingers: nearer or further, about the middle between them. @param {PointerEvent} event */
  #finger(event) {
    if (event.pointerType !== "touch") return
    if (event.type === "pointerup" || event.type === "pointercancel") {
      this.fingers.delete(event.pointerId)
      this.grasped = null
      return
    }
    const { clientX: x, clientY: y, pointerId } = event
    const other = [...this.fingers].find(([id]) => id !== pointerId)?.[1]
    const from = this.fingers.get(pointerId)
    if (event.type === "pointermove" && from && other) {
      const spot = this.#spot({ clientX: (x + other.x) / 2, clientY: (y + other.y) / 2 })
      const apart = (/** @type {{x: number, y: number}} */ one) => Math.max(1, Math.hypot(one.x - other.x, one.y - other.y))
      if (spot) this.#zoom(spot, apart(from) / apart({ x, y }))
    }
    if (from || event.type === "pointerdown") this.fingers.set(pointerId, { x, y })
  }

  /** @param {{clientX: number, clientY: number}} event @returns {Spot | null} */
  #spot({ clientX, clientY }) {
    const frame = this.root.getBoundingClientRect()
    for (const place of this.maps.keys()) {
      const { left, top, width, height } = this.places[place]
      const [x, y] = [clientX - frame.left - left, clientY - frame.top - top]
      if (x >= 0 && y >= 0 && x < width && y < height) return { place, x, y }
    }
    return null
  }

  /** With the next frame: a hand moves more often than a screen shows. @param {number} place */
  #soon(place, moving = false) {
    this.waiting.add(place)
    this.frame ||= requestAnimationFrame(() => this.#now(moving))
  }

  #now(moving = false) {
    cancelAnimationFrame(this.frame)
    this.frame = 0
    const places = [...this.waiting]
    this.waiting.clear()
    const sparse = places.filter((place) => this.maps.get(place)?.paint(moving))
    if (sparse.length) {
      clearTimeout(this.resting)
      this.resting = window.setTimeout(() => {
        sparse.forEach((place) => this.waiting.add(place))
        this.#now()
      }, REST)
    }
    this.on.moved()
  }

  clear() {
    clearTimeout(this.resting)
    cancelAnimationFrame(this.frame)
    this.frame = 0
    this.waiting.clear()
    for (const place of [...this.maps.keys()]) this.#drop(place)
    this.dim = this.scene = this.chosen = null
    this.shown = []
    this.below = []
  }
}

/** @param {string} source @returns {Promise<HTMLImageElement>} */
async function loaded(source) {
  const image = new Image()
  image.src = source
  await image.decode()
  return image
}
