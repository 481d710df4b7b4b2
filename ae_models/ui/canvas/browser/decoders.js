/** The decoders of the spaces on the page: the same graphs that Python runs, one call at a time. */
import { fetchBytes } from "./arrays.js"
import { loadRuntime } from "./runtime.js"

/** @import {Space} from "./types.js" */
/** @typedef {{runtime: any, graph: any}} Session */

const KEPT = 8 // sessions

/** @type {Map<string, Promise<Session>>} */
const sessions = new Map()

/** @type {Promise<unknown>} the runtime takes one call at a time */
let last = Promise.resolve()

/** @param {string} runtimeUrl @param {string} url of a graph @returns {Promise<Session>} */
function session(runtimeUrl, url) {
  let found = sessions.get(url)
  sessions.delete(url)
  if (!found) {
    found = Promise.all([loadRuntime(runtimeUrl), fetchBytes(url)]).then(async ([runtime, bytes]) => ({
      runtime,
      graph: await runtime.InferenceSession.create(bytes, { executionProviders: ["wasm"], logSeverityLevel: 3 }),
    }))
    found.catch(() => sessions.delete(url))
  }
  sessions.set(url, found)
  if (sessions.size > KEPT) {
    const [[oldest, dropped]] = sessions
    sessions.delete(oldest)
    dropped.then(({ graph }) => last.finally(() => graph.release()), () => {})
  }
  return found
}

export class Decoders {
  constructor() {
    /** @type {Map<string, Session & {space: Space}>} */
    this.ready = new Map()
  }

  /**
   * Load the decoders of these spaces; resolves when all can draw.
   * @param {string} runtimeUrl
   * @param {Space[]} spaces
   */
  async load(runtimeUrl, spaces) {
    const made = await Promise.all(
      spaces.map(async (space) => ({ space, ...(await session(runtimeUrl, space.decoder_url)) })),
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
  draw(key, codes, n) {
    const ready = this.ready.get(key)
    if (!ready) return Promise.reject(new Error(`there is no decoder '${key}'`))
    const { runtime, graph, space } = ready
    const [c, h, w] = space.shape
    const work = async () => {
      const tensor = new runtime.Tensor("float32", codes, [n, space.axes.length])
      const { [graph.outputNames[0]]: image } = await graph.run({ [graph.inputNames[0]]: tensor })
      if (image.data.length !== n * c * h * w) throw new Error(`a decoder gave ${image.dims} where ${[n, c, h, w]} belong`)
      return image.data
    }
    const done = last.then(work, work)
    last = done.catch(() => {})
    return done
  }
}
