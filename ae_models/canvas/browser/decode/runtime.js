/** ONNX Runtime for WebAssembly, brought in once a page; one thread, no network but this server. */

/** @type {Promise<any> | undefined} */
let loading

/** @typedef {{mjs: string, wasm: string}} Paths */

/** @type {Paths | undefined} */
let elsewhere

/** Say where the runtime's other files are, where they do not lie beside its module. @param {Paths} paths */
export function keepRuntime(paths) {
  elsewhere = paths
}

/**
 * @param {string} url address of the runtime's module; its .wasm lies beside it
 * @returns {Promise<any>} the runtime
 */
export function loadRuntime(url) {
  if (typeof WebAssembly !== "object") return Promise.reject(new Error("this browser has no WebAssembly"))
  loading ??= import(new URL(url, document.baseURI).href).then((runtime) => {
    runtime.env.wasm.numThreads = 1
    if (elsewhere) runtime.env.wasm.wasmPaths = elsewhere
    runtime.env.logLevel = "error"
    return runtime
  })
  loading.catch(() => (loading = undefined)) // the next attempt starts again
  return loading
}
