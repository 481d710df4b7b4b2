/** The cameras of maps in space. Plotly has no public way to either of these; its version is pinned, and tests look. */

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

/**
 * Write the cameras down before a change that draws anew: Plotly forgets what a wheel did to them.
 * @param {any} figure
 */
export function keep(figure) {
  for (const scene of scenes(figure)) scene.saveLayout?.(figure.layout)
}
