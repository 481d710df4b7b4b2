/** What the maps need before they can be drawn: points, ids, classes. */
import * as arrays from "./arrays.js"

/** @import {Points, Scene} from "./browsertypes.js" */
/** @import {CanvasPayload} from "./types.js" */

/**
 * @param {CanvasPayload} data
 * @returns {Promise<{points: (Points | null)[], failed: number[]} & Pick<Scene, "ids" | "rowOf" | "labels">>}
 *   points a panel; `failed` are the panels whose points did not come
 */
export async function load(data) {
  const { n, dim, panels } = data
  const wait = Promise.allSettled(panels.map(({ points_url: url }) => (url ? arrays.points(url, n, dim) : null)))
  const [ids, labels] = await Promise.all([
    arrays.ids(data.ids_url, n),
    arrays.labels(data.labels_url, n),
  ])
  const settled = await wait
  const points = settled.map((one) => (one.status === "fulfilled" ? one.value : null))
  const failed = settled.flatMap(({ status }, place) => (status === "rejected" ? [place] : []))
  return { points, failed, ...ids, labels }
}

/** What the dots depend on; everything else changes without drawing them again. @param {CanvasPayload} data */
export function sourceOf({ panels, dim, n, ids_url, labels_url, class_names, view }) {
  const maps = panels.map(({ points_url, preserve_aspect }) => [points_url, preserve_aspect])
  return JSON.stringify([maps, dim, n, ids_url, labels_url, class_names, view])
}
