/** Plotly's element: when it draws, what it draws anew, and how it gives the graphics card back. */
import * as cameras from "./cameras.js"
import { cameraReset, CONFIG, drawn, layout, moved, traces, without } from "./figure.js"
import { purge } from "./plotly.js"
import { projection } from "./projection.js"
import { element } from "./words.js"

/** @import {Lie, Painter as Painting, Place, Scene} from "./types.js" */

/** @implements {Painting} */
export class Painter {
  /**
   * @param {object} on
   * @param {() => void} on.moved marks have to be placed again
   * @param {() => void} on.lost the browser took the graphics card away, and nothing is drawn any more
   */
  constructor(on) {
    this.on = on
    this.root = /** @type {HTMLElement & {on: (name: string, act: () => void) => void}} */ (element("div", "ll-figure"))
    /** @type {2 | 3 | null} how many dimensions are on the screen; null: nothing is */
    this.dim = null
    this.turn = 0
    this.listening = false
  }

  /**
   * @param {any} Plotly
   * @param {Scene} scene
   * @param {Lie} lie
   */
  async draw(Plotly, scene, { size, places }) {
    if (this.dim !== scene.data.dim) this.clear()
    const turn = ++this.turn
    this.Plotly = Plotly
    this.dim = scene.data.dim
    this.#keep()
    await Plotly.react(this.root, traces(scene), layout(scene, size, places), CONFIG)
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

  /** Pictures under the dots of flat maps. @param {object[]} images */
  backdrops(images) {
    if (this.dim === 2) this.Plotly.relayout(this.root, { images })
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

  /** @param {number} place */
  resetCamera(place) {
    if (this.dim === 3) this.Plotly.relayout(this.root, cameraReset(place))
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
  }

  #keep() {
    if (this.dim === 3) cameras.keep(this.root)
  }

  #listen() {
    this.listening = true
    for (const name of ["plotly_relayouting", "plotly_relayout", "plotly_afterplot"]) this.root.on(name, this.on.moved)
    this.root.on("plotly_webglcontextlost", () => {
      if (this.dim !== 2) return // maps in space come back by themselves, and clear() ends here too
      this.clear()
      this.on.lost()
    })
  }
}
