/** Over how much change of the picture the decoder spreads a small patch of the code. */
import { hasFields, large, picture, values } from "./fields.js"
import { say } from "../shared/sentences.js"

/** @import {Overlay} from "../shared/browsertypes.js" */
/** @import {Colour} from "./fields.js" */

const LEAST = 0.5 // of the logarithm: a map that is all but flat shows no more colour than that

/** @type {Overlay} */
export const STRETCH = {
  label: "Stretch",
  title: "Over how much change of the {picture} the decoder spreads a small patch of the code (an area factor), as a backdrop",
  isBackdrop: true,
  offered: hasFields,
  draw: async ({ data }) => {
    const all = await values(data, "stretch_url", 1)
    const most = Math.max(LEAST, ...all.map((one) => large(one.values))) // one scale for all maps
    const error = Math.max(0, ...all.map(({ extra }) => extra[0]))
    return {
      pictures: all.map((one) => picture(one.place, one.values, one.fields, warm(most))),
      says:
        say("Orange: the decoder spreads a small patch of the code over more change of the {picture} than at the median {sample}; blue: over less. As areas; full colour: ") +
        `${Number(Math.exp(most).toPrecision(2))} times the area. Logarithms, by central differences, off by at most ${error.toFixed(2)} at 95 % of places.`,
    }
  },
}

/** @param {number} most @returns {Colour} */
function warm(most) {
  return (value) => {
    const share = Math.min(1, Math.abs(value) / most) // a flat spot, minus infinity, is as blue as can be
    return value > 0 ? [231, 99, 0, 200 * share] : [63, 144, 218, 200 * share]
  }
}
