/** What a visitor has settled on: the pinned image, where the sliders stand, what "nearest" means; and telling Python. */
import { TWICE } from "../painter/gestures.js"
import { coded, codeOf, look } from "./decode_view.js"
import { short } from "./sliders.js"

/** @import {Near, Rest} from "../shared/browsertypes.js" */
/** @import {CanvasPayload} from "../shared/types.js" */
/** @import {Studio} from "../explore/studio.js" */

export class ViewState {
  /** @param {Studio} studio */
  constructor(studio) {
    this.studio = studio
    /** @type {number | null} */
    this.pinned = null
    /** @type {Rest} */
    this.rest = { space: "", z: null }
    /** @type {Near} */
    this.near = "codes"
    /** @type {{pinned: number | null, rest: Rest} | null} before a click that may become a double one */
    this.before = null
    this.picking = 0
    this.sliding = false
    studio.root.addEventListener("pointerup", () => (this.sliding = false)) // also where a drag came back to its start
  }

  /**
   * Take what Python says, unless what the visitor is doing this moment is newer.
   * @param {CanvasPayload} data
   * @param {boolean} other it is another view than before
   */
  set(data, other) {
    if (other || (this.studio.messages.settled && !this.before && !this.sliding)) {
      this.pinned = data.pinned
      this.rest = { space: data.drive, z: data.point && Float64Array.from(data.point) }
      this.near = data.near
    }
    if (other) {
      this.before = null
      this.sliding = false
    }
  }

  end() {
    clearTimeout(this.picking)
  }

  /** An image was chosen. @param {number} row */
  pick(row) {
    const { scene } = this.studio.maps
    if (!scene) return
    const id = scene.ids[row]
    this.before = { pinned: this.pinned, rest: this.rest }
    this.#stand({ pinned: id, rest: { ...this.rest, z: null } })
    this.studio.extras.pinned(true)
    this.#later(() => this.studio.messages.say({ pin: id }))
  }

  /** An empty place was clicked: the sliders stand there. @param {number} place @param {number[]} point */
  put(place, point) {
    const ground = this.studio.ground()
    const panel = ground?.data.panels[place]
    if (!ground || !panel?.space || panel.dims.length !== ground.data.dim) return
    this.before = { pinned: this.pinned, rest: this.rest }
    const { z } = look({ place, row: null, point }, ground)
    this.#stand({ pinned: this.pinned, rest: { space: panel.space, z: Float64Array.from(z, short) } })
    this.#later(() => this.tellPoint())
  }

  /** Python hears of a click only when no double click came of it: that means something else. @param {() => void} tell */
  #later(tell) {
    clearTimeout(this.picking)
    this.picking = window.setTimeout(() => {
      this.before = null
      tell()
    }, TWICE)
  }

  /** What a click did is taken back. */
  undo() {
    clearTimeout(this.picking)
    if (this.before) this.#stand(this.before)
    this.before = null
  }

  /** @param {{pinned: number | null, rest: Rest}} to */
  #stand({ pinned, rest }) {
    this.pinned = pinned
    this.rest = rest
    this.studio.maps.pin(pinned)
    this.studio.mark()
    this.studio.refresh()
  }

  /** A slider moved. @param {number} dim @param {number} value */
  slide(dim, value) {
    const { studio } = this
    const ground = studio.ground()
    if (!ground) return
    const { space } = studio.moment ?? ground.rest
    const stands = space === ground.rest.space ? ground.rest.z : null
    const z = Float64Array.from(stands ?? codeOf(coded(ground, space), ground.pinnedRow))
    z[dim] = value
    this.sliding = true
    this.rest = { space, z }
    studio.touch = null
    studio.sliders.stand(z, true, `#${this.pinned}`)
    studio.refresh()
  }

  tellPoint() {
    this.sliding = false
    const { space, z } = this.rest
    if (z) this.studio.messages.say({ space, point: Array.from(z, short) })
  }

  goHome() {
    this.#stand({ pinned: this.pinned, rest: { ...this.rest, z: null } })
    this.studio.messages.say({ home: true })
  }

  /** @param {Near} near */
  choose(near) {
    this.near = near
    this.studio.neighbours.set(near)
    this.studio.refresh()
    this.studio.messages.say({ near })
  }
}
