/** The decoders of the spaces on the page: the same graphs that Python runs. */
import { run, session } from "./graphs.js"

/** @import {CodeSpace} from "../shared/types.js" */
/** @import {Session} from "./graphs.js" */
/** @typedef {Pick<CodeSpace, "key" | "decoder_url" | "shape"> & {axes: ArrayLike<unknown>}} Drawn */

export class Decoders {
  constructor() {
    /** @type {Map<string, {session: Session, space: Drawn}>} */
    this.ready = new Map()
  }

  /**
   * Load the decoders of these spaces; resolves when all can draw.
   * @param {string} runtimeUrl
   * @param {Drawn[]} spaces
   */
  async load(runtimeUrl, spaces) {
    const made = await Promise.all(
      spaces.map(async (space) => ({ space, session: await session(runtimeUrl, space.decoder_url) })),
    )
    this.ready = new Map(made.map((one) => [one.space.key, one]))
    for (const space of spaces) await this.draw(space.key, new Float32Array(space.axes.length), 1) // warm, and proven
  }

  /** @param {string} key */
  has(key) {
    return this.ready.has(key)
  }

  /**
   * @param {string} key of a space
   * @param {Float32Array} codes row after row
   * @param {number} n rows
   * @returns {Promise<Float32Array>} images, row after row; not clipped
   */
  async draw(key, codes, n) {
    const ready = this.ready.get(key)
    if (!ready) throw new Error(`there is no decoder '${key}'`)
    const { space } = ready
    const [c, h, w] = space.shape
    const image = await run(ready.session, codes, [n, space.axes.length])
    if (image.data.length !== n * c * h * w) throw new Error(`a decoder gave ${image.dims} where ${[n, c, h, w]} belong`)
    return image.data
  }
}
