/** How a sample of each kind of data is drawn: one file a kind, and one line here. Its nouns come from Python (`ae_models/kinds`). */
import { IMAGE } from "./image.js"
import { VECTOR } from "./vector.js"

/** @import {Kind, Shape} from "../shared/browsertypes.js" */

/** In the order of Python's table. @type {Kind[]} */
export const KINDS = [IMAGE, VECTOR]

/** The kind of data of a shape: the last of the table that can have it. @param {Shape} shape @returns {Kind} */
export function kindOf(shape) {
  return KINDS.findLast((kind) => kind.holds(shape)) ?? IMAGE
}
