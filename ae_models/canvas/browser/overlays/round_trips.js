/** Where a code returns to when its picture is encoded again. */
import * as arrays from "../shared/arrays.js"
import { say } from "../shared/sentences.js"

/** @import {Overlay} from "../shared/browsertypes.js" */
/** @import {CanvasPayload} from "../shared/types.js" */

const SHORT = 0.004 // of the map's width: an arrow shorter than that is a dot

/** @type {Overlay} */
export const ROUND_TRIPS = {
  label: "Round trips",
  title: "Arrows from a code to the code of its own {picture}",
  isBackdrop: false,
  offered: ({ panels }) => panels.some(({ fields }) => Boolean(fields?.arrows_url)),
  draw: async ({ data }) => ({
    arrows: await arrowsOf(data),
    says: say("Each arrow leads from a code to that of its own {picture}: encode(decode(z)). PCA’s are points: it reads what it draws."),
  }),
}

/**
 * @param {CanvasPayload} data
 * @returns {Promise<[number[], number[]][][]>} the arrows of each map
 */
function arrowsOf({ panels }) {
  return Promise.all(
    panels.map(async ({ fields }) => {
      if (!fields?.arrows_url) return []
      const values = await arrays.floats(fields.arrows_url, 4 * fields.arrows ** 2)
      const [wide, tall] = [fields.across[1] - fields.across[0], fields.up[1] - fields.up[0]]
      return Array.from({ length: fields.arrows ** 2 }, (_, i) => {
        const [x0, y0, x1, y1] = values.subarray(4 * i, 4 * i + 4)
        const short = Math.hypot((x1 - x0) / wide, (y1 - y0) / tall) < SHORT
        return /** @type {[number[], number[]]} */ ([[x0, y0], short ? [x0, y0] : [x1, y1]])
      })
    }),
  )
}
