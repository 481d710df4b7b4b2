/** Rows as files: CSV for a spreadsheet, NPZ for NumPy. Made here, so nothing is asked of the server. */

/** @param {Blob} blob @param {string} name */
export function download(blob, name) {
  const link = document.createElement("a")
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 1000)
}

/** @param {string[]} head @param {(string | number)[][]} rows */
export function csv(head, rows) {
  const cell = (/** @type {string | number} */ value) => {
    if (typeof value === "number") return String(value)
    const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value // a spreadsheet would run it
    return /[",\n\r]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe
  }
  return new Blob([[head, ...rows].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n"], { type: "text/csv" })
}

/** @type {Record<string, string>} */
const TYPES = { Int32Array: "<i4", Float32Array: "<f4", Uint8Array: "|u1" }

/** @typedef {{values: Int32Array | Float32Array | Uint8Array, shape: number[]}} Named */

/**
 * @param {Record<string, Named>} arrays
 * @returns {Blob} what `numpy.load` reads
 */
export function npz(arrays) {
  const files = Object.entries(arrays).map(([name, array]) => ({ name: `${name}.npy`, bytes: npy(array) }))
  return new Blob([zip(files)], { type: "application/octet-stream" })
}

/** @param {Named} array */
function npy({ values, shape }) {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`
  let head = `{'descr': '${TYPES[values.constructor.name]}', 'fortran_order': False, 'shape': ${tuple}, }`
  head = head.padEnd(Math.ceil((head.length + 11) / 64) * 64 - 11) + "\n" // data begins at a multiple of 64
  const bytes = new Uint8Array(10 + head.length + values.byteLength)
  bytes.set([0x93, 78, 85, 77, 80, 89, 1, 0, head.length & 255, head.length >> 8])
  bytes.set(new TextEncoder().encode(head), 10)
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), 10 + head.length)
  return bytes
}

/** A ZIP file without compression. @param {{name: string, bytes: Uint8Array}[]} files */
function zip(files) {
  /** @type {Uint8Array[]} */
  const parts = []
  /** @type {Uint8Array[]} */
  const index = []
  let at = 0
  for (const { name, bytes } of files) {
    const path = new TextEncoder().encode(name)
    const about = [20, 0, 0, 0, 0x21, crc32(bytes), bytes.length, bytes.length, path.length]
    const local = record(0x04034b50, "2222244422", [...about, 0])
    parts.push(local, path, bytes)
    index.push(record(0x02014b50, "2222224442222244", [20, ...about, 0, 0, 0, 0, 0, at]), path)
    at += local.length + path.length + bytes.length
  }
  const size = index.reduce((sum, part) => sum + part.length, 0)
  parts.push(...index, record(0x06054b50, "2222442", [0, 0, files.length, files.length, size, at, 0]))
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let to = 0
  for (const part of parts) {
    whole.set(part, to)
    to += part.length
  }
  return whole
}

/** @param {number} signature @param {string} sizes bytes of each field @param {number[]} fields */
function record(signature, sizes, fields) {
  const all = [[4, signature], ...fields.map((field, i) => [Number(sizes[i]), field])]
  const view = new DataView(new ArrayBuffer(all.reduce((sum, [size]) => sum + size, 0)))
  let at = 0
  for (const [size, field] of all) {
    if (size === 4) view.setUint32(at, field, true)
    else view.setUint16(at, field, true)
    at += size
  }
  return new Uint8Array(view.buffer)
}

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let i = 0; i < 8; i++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1
  return n
})

/** @param {Uint8Array} bytes */
function crc32(bytes) {
  let sum = 0xffffffff
  for (const byte of bytes) sum = TABLE[(sum ^ byte) & 255] ^ (sum >>> 8)
  return (sum ^ 0xffffffff) >>> 0
}
