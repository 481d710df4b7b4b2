/** Sentences with the nouns of the data filled in: Python says what a sample, its parts and its picture are called. */

/** @type {Record<string, string>} one data set a page */
let nouns = {}

/** Speak of this data from now on; returns whether its nouns are others than before. @param {Record<string, string>} given */
export function speakOf(given) {
  const differ = JSON.stringify(given) !== JSON.stringify(nouns)
  nouns = given
  return differ
}

/**
 * A template with nouns and values filled in: `say("{Samples} of {title}", { title })`. Values stand as they are.
 * @param {string} template written in the program, never by a visitor
 * @param {Record<string, string | number>} values by the names in the template
 */
export function say(template, values = {}) {
  return template.replace(/\{(\w+)\}/g, (brace, name) => String(values[name] ?? nouns[name] ?? brace))
}
