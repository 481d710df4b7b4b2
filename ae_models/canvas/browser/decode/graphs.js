/** The graphs that Python runs too, in this browser: one session a graph, one call at a time. */
import { fetchBytes } from "../shared/arrays.js"
import { loadRuntime } from "./runtime.js"

/** @typedef {{runtime: any, graph: any}} Session */

const KEPT = 8 // sessions

/** @type {Map<string, Promise<Session>>} */
const sessions = new Map()

/** @type {Promise<unknown>} the runtime takes one call at a time */
let last = Promise.resolve()

/** @param {string} runtimeUrl @param {string} url of a graph @returns {Promise<Session>} */
export function session(runtimeUrl, url) {
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

/**
 * Run a graph of one input; its first output.
 * @param {Session} session
 * @param {Float32Array} values
 * @param {number[]} dims of the input
 * @returns {Promise<{data: Float32Array, dims: number[]}>}
 */
export function run({ runtime, graph }, values, dims) {
  const work = async () => {
    const tensor = new runtime.Tensor("float32", values, dims)
    const { [graph.outputNames[0]]: found } = await graph.run({ [graph.inputNames[0]]: tensor })
    return found
  }
  const done = last.then(work, work)
  last = done.catch(() => {})
  return done
}
