/** Plotly's element: when it draws, what it draws anew, and how it gives the graphics card back. */
import * as cameras from "./cameras.js"
import { aimed, CONFIG, drawn, layout, moved, numbered, traces, without } from "./figure.js"
import { home } from "./viewport.js"
import { purge } from "./plotly.js"
import { projection } from "./projection.js"
import { element } from "../shared/text.js"

/** @import {Backdrop, Lie, Look, Painter as Painting, Place, Scene} from "../shared/browsertypes.js" */

/** @implements {Painting} */
export class Painter {
  /**
   * @param {object} on
   * @param {() => void} on.moved marks have to be placed again
   * @param {() => void} on.rested a map was shifted, zoomed or turned, and let go
   * @param {() => void} on.lost the browser took the graphics card away, and nothing is drawn any more
   */
  constructor(on) {
    this.on = on
    this.root = /** @type {HTMLElement & {on: (name: string, act: () => void) => void, _fullLayout?: any}} */ (element("div", "ll-figure"))
    /** @type {2 | 3 | null} how many dimensions are on the screen; null: nothing is */
    this.dim = null
    this.turn = 0
    this.listening = false
    /** @type {(string | null)[]} what each map shows: how it lies is kept while that stays the same */
    this.shown = []
    /** @type {Backdrop[]} pictures under the dots */
    this.below = []
  }

  /**
   * @param {any} Plotly
   * @param {Scene} scene
   * @param {Lie} lie
   */
  async draw(Plotly, scene, { size, places }) {
    if (this.dim !== scene.data.dim) this.clear()
    const turn = ++this.turn
    const looks = this.#looks(scene)
    this.Plotly = Plotly
    this.dim = scene.data.dim
    this.below = []
    this.#keep()
    await Plotly.react(this.root, traces(scene), layout(scene, size, places, looks), CONFIG)
    if (turn !== this.turn || this.dim === null) return // cleared, or overtaken, meanwhile
    if (!this.listening) this.#listen()
    if (this.dim === 3) cameras.follow(this.root, this.on.moved)
  }

  /** Rows were hidden or came back. @param {Scene} scene */
  hide(scene) {
    if (this.dim === null) return
    const x = drawn(scene).map(([, { columns }]) => without(columns[0], scene.hidden))
    this.#keep()
    this.Plotly.restyle(this.root, { x }, [...x.keys()])
  }

  /** Dots have other colours. @param {Scene} scene */
  recolour({ paint }) {
    if (this.dim === null) return
    this.#keep()
    const { color, colorscale, cmin, cmax } = paint
    this.Plotly.restyle(this.root, {
      "marker.color": [color],
      "marker.colorscale": [colorscale],
      "marker.cmin": cmin,
      "marker.cmax": cmax,
    })
  }

  /** One map's dots lie elsewhere for a while. @param {number} trace @param {Float32Array[]} columns */
  move(trace, [x, y, z]) {
    if (this.dim === null) return
    this.#keep()
    this.Plotly.restyle(this.root, z ? { x: [x], y: [y], z: [z] } : { x: [x], y: [y] }, [trace])
  }

  /** Pictures under the dots of flat maps. @param {Backdrop[]} pictures */
  backdrops(pictures) {
    if (this.dim !== 2) return
    this.below = pictures
    const images = pictures.map(({ place, ...picture }) => {
      return { ...picture, xref: `x${numbered(place)}`, yref: `y${numbered(place)}`, layer: "below", sizing: "stretch" }
    })
    this.Plotly.relayout(this.root, { images })
  }

  grasp() {
    return false // Plotly reads the pointer itself
  }

  /** Whether a drag belongs to us: Plotly then leaves the maps where they are. @param {boolean} still */
  hold(still) {
    if (this.dim === 2) this.root.classList.toggle("ll-still", still)
  }

  /** @param {Scene} scene @param {Lie} lie */
  resize(scene, { size, places }) {
    if (this.dim === null) return
    this.#keep()
    this.Plotly.relayout(this.root, moved(scene, size, places))
  }

  /** @param {Scene} scene @returns {(Look | null)[]} how each map is to lie: as it does, or as at first */
  #looks({ data, points }) {
    const before = this.shown
    this.shown = data.panels.map((panel, place) => points[place] && `${data.view} ${panel.points_url}`)
    return points.map((one, place) => {
      if (!one) return null
      return (before[place] === this.shown[place] && this.look(place)) || data.looks[place] || home(one, data.dim)
    })
  }

  /** @param {number} place @returns {Look | null} */
  look(place) {
    if (this.dim === null) return null
    if (this.dim === 3) return cameras.cameraOf(this.root, place)
    const { [`xaxis${numbered(place)}`]: x, [`yaxis${numbered(place)}`]: y } = this.root._fullLayout ?? {}
    return x && y ? [...x.range, ...y.range] : null
  }

  /** @param {number} place @param {Look} look */
  aim(place, look) {
    if (this.dim === null || !this.shown[place]) return
    this.#keep()
    this.Plotly.relayout(this.root, aimed(place, look))
  }

  /** How a map lies. @param {number} place @param {Place} area */
  seen(place, area) {
    return this.dim === null ? null : projection(this.root, place, this.dim, area)
  }

  draws() {
    return true
  }

  clear() {
    this.listening = false
    if (this.dim !== null) purge(this.Plotly, this.root)
    this.dim = null
    this.shown = []
    this.below = []
  }

  #keep() {
    if (this.dim === 3) cameras.keep(this.root)
  }

  #listen() {
    this.listening = true
    for (const name of ["plotly_relayouting", "plotly_relayout", "plotly_afterplot"]) this.root.on(name, this.on.moved)
    this.root.on("plotly_relayout", this.on.rested)
    this.root.on("plotly_webglcontextlost", () => {
      if (this.dim !== 2) return // maps in space come back by themselves, and clear() ends here too
      this.clear()
      this.on.lost()
    })
  }
}
