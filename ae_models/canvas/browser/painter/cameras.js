/** The cameras of maps in space. Plotly has no public way to either of these; its version is pinned, and tests look. */

import { numbered } from "./figure.js"

/** @import {Look} from "../shared/browsertypes.js" */

/** @param {any} figure Plotly's element */
const scenes = (figure) =>
  Object.entries(figure._fullLayout ?? {}).flatMap(([name, part]) =>
    /^scene\d*$/.test(name) && part._scene ? [part._scene] : [],
  )

/**
 * Call back with every picture Plotly draws, so that marks move in the same frame.
 * @param {any} figure
 * @param {() => void} drawn
 */
export function follow(figure, drawn) {
  for (const { glplot } of scenes(figure)) {
    if (!glplot || glplot.llFollowed) continue
    const render = glplot.onrender
    glplot.llFollowed = true
    glplot.onrender = () => {
      render?.()
      drawn()
    }
  }
}

/** Where the camera of a map stands. @param {any} figure @param {number} place @returns {Look | null} */
export function cameraOf(figure, place) {
  const camera = figure._fullLayout?.[`scene${numbered(place)}`]?._scene?.getCamera?.()
  if (!camera) return null
  return [camera.eye, camera.center, camera.up].flatMap(({ x, y, z }) => [x, y, z])
}

/**
 * Write the cameras down before a change that draws anew: Plotly forgets what a wheel did to them.
 * @param {any} figure
 */
export function keep(figure) {
  for (const scene of scenes(figure)) scene.saveLayout?.(figure.layout)
}
