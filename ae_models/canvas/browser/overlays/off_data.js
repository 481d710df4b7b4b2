/** How far a place is from the codes of real images. */
import { hasFields, picture, values } from "./fields.js"
import { say } from "../shared/sentences.js"

/** @import {Overlay} from "../shared/browsertypes.js" */
/** @import {Colour} from "./fields.js" */

const FAR = 4 // times the distance up to which a place is on the data

/** @type {Overlay} */
export const OFF_DATA = {
  label: "Off the data",
  title: "How far a place is from the codes of real {samples}, as a backdrop",
  isBackdrop: true,
  offered: hasFields,
  draw: async ({ data, dark }) => ({
    pictures: (await values(data, "off_url", 0)).map((one) => picture(one.place, one.values, one.fields, grey(dark))),
    says: say("Grey: off the data. Clear: as near to codes of real {samples} as 95 % of those are to one another. Codes only: of errors it says nothing."),
  }),
}

/** @param {boolean} dark @returns {Colour} */
function grey(dark) {
  const [r, g, b] = dark ? [154, 163, 181] : [102, 112, 133]
  return (value) => {
    const share = Math.min(1, Math.max(0, (value - 1) / (FAR - 1)))
    return [r, g, b, value > 1 ? 50 + 90 * share : 0]
  }
}
