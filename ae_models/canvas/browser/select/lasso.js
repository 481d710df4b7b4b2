/** A line drawn round dots: free hand, or a box. */

/** @import {Pixel, Spot} from "../shared/browsertypes.js" */
/** @typedef {"start" | "move" | "end"} Phase of a drag */

export class Lasso {
  /** @param {(place: number, line: Pixel[], done: boolean) => void} drawn */
  constructor(drawn) {
    this.drawn = drawn
    /** @type {"" | "lasso" | "box"} */
    this.tool = ""
    this.place = 0
    /** @type {Pixel[]} */
    this.line = []
  }

  /**
   * @param {Spot} spot
   * @param {Phase} phase
   * @returns {boolean} whether the drag is taken
   */
  drag({ place, x, y }, phase) {
    if (!this.tool) return false
    if (phase === "start") {
      this.place = place
      this.line = [[x, y]]
    } else if (place === this.place) {
      if (this.tool === "lasso") this.line.push([x, y])
      else {
        const [[left, top]] = this.line
        this.line = [[left, top], [x, top], [x, y], [left, y]]
      }
    }
    this.drawn(this.place, this.line, phase === "end")
    return true
  }
}

/**
 * Whether a spot is inside a closed line: a ray from it crosses the line an odd number of times.
 * @param {Pixel[]} line
 * @param {Pixel} spot
 */
export function inside(line, [x, y]) {
  let odd = false
  for (let i = 0, j = line.length - 1; i < line.length; j = i++) {
    const [[xi, yi], [xj, yj]] = [line[i], line[j]]
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) odd = !odd
  }
  return odd
}
