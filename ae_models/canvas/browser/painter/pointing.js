/** What a hand points at on the maps: which map, which dot, which point of it; and what it means by that. */
import { Cursor } from "./cursor.js"
import { listen } from "./gestures.js"
import { home } from "./viewport.js"
import { guard } from "./wheel.js"

/** @import {Place, Spot, Touch} from "../shared/browsertypes.js" */
/** @import {LatentMaps, On} from "./maps.js" */

const REACH = 6 // pixels from a dot within which it is touched where none is under the pointer

export class Pointing {
  /**
   * @param {LatentMaps} maps
   * @param {On} on
   */
  constructor(maps, on) {
    this.maps = maps
    this.on = on
    this.cursor = new Cursor(maps, {
      touch: (spot) => this.touch(spot)?.row ?? null,
      pin: (spot) => {
        const row = this.under(spot, Infinity)?.row ?? null
        if (row !== null) on.pick(row)
      },
      drag: (spot, phase) => on.drag(spot, phase),
    })
    const free = guard(maps.grid, (event) => this.locate(event), maps.cards)
    const deaf = listen(maps.grid, (event) => this.locate(event), {
      touch: (spot) => {
        if (spot) this.cursor.hide()
        this.touch(spot)
      },
      held: ({ place }) => maps.cards[place].focus(),
      click: (spot) => this.#click(spot),
      twice: (spot) => this.#twice(spot),
      drag: (spot, phase) => on.drag(spot, phase) || maps.painter.grasp(spot, phase),
    })
    this.end = () => {
      free()
      deaf()
    }
  }

  /** @param {MouseEvent} event @returns {Spot | null} */
  locate({ clientX, clientY }) {
    const { grid, scene, places } = this.maps
    const frame = grid.getBoundingClientRect()
    const [x, y] = [clientX - frame.left, clientY - frame.top]
    const inside = (/** @type {Place} */ { left, top, width, height }) => x >= left && y >= top && x < left + width && y < top + height
    const place = places.findIndex(inside)
    if (place < 0 || !scene?.points[place]) return null
    return { place, x: x - places[place].left, y: y - places[place].top }
  }

  /** A dot, a point of the map, or both. @param {Spot} spot @param {number} reach @returns {Touch | null} */
  under({ place, x, y }, reach = REACH) {
    const { maps } = this
    const view = maps.seen(place)
    if (!view) return null
    const hit = maps.painter.pick({ place, x, y }, reach)
    return { place, row: hit?.row ?? null, point: view.unproject?.(x, y) ?? null }
  }

  /** @param {Spot | null} spot */
  touch(spot) {
    const touch = spot && this.under(spot)
    this.maps.root.classList.toggle("ll-pointing", Boolean(touch && touch.row !== null))
    this.on.touch(touch, spot)
    return touch
  }

  /** @param {Spot} spot */
  #click(spot) {
    const touch = this.under(spot)
    if (!touch) return
    if (touch.row !== null) this.on.pick(touch.row)
    else if (touch.point) this.on.put(spot.place, touch.point)
  }

  /** Back to the first look. @param {Spot} spot */
  #twice({ place }) {
    const { painter, scene } = this.maps
    const points = scene?.points[place]
    this.on.undo()
    if (scene && points) painter.aim(place, home(points, scene.data.dim))
  }
}
