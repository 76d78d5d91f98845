/* How long a text is, by a network's own rule; the server's count decides, this one tells while typing. */
const LINK = /https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]}'…]/giu;
const BARE = /https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]}'…]|(?<![@\w.-])(?:[\w-]+\.)+(?:com|org|net|info|biz|eu|de|at|ch|li|lu|fr|it|es|nl|be|dk|se|no|fi|pl|cz|sk|hu|uk|ie|us|ca|au|jp|in|io|app|dev|social|online|shop|tel|tv|me|co|ai|cloud|berlin|wien|bayern|hamburg|koeln|ruhr|saarland|edu|gov|example)(?![\w@-]|\.\w)(?:\/[^\s<>"]*[\w/#=&-])?/giu;
const LIGHT = [[0, 4351], [8192, 8205], [8208, 8223], [8242, 8247]];
const EMOJI = /\p{Emoji_Presentation}|\p{Regional_Indicator}|\ufe0f/u;
const encoder = new TextEncoder();
const segmenter = new Intl.Segmenter();

const clusters = (text) => [...segmenter.segment(text)].map(({ segment }) => segment);
const weigh = (point) => (LIGHT.some(([low, high]) => point >= low && point <= high) ? 1 : 2);
const weight = (cluster) => (EMOJI.test(cluster) ? 2 : [...cluster].reduce((sum, char) => sum + weigh(char.codePointAt(0)), 0));

const UNITS = {
  grapheme: (text) => clusters(text).length,
  codepoint: (text) => [...text].length,
  utf16: (text) => text.length,
  byte: (text) => encoder.encode(text).length,
  weighted280: (text) => clusters(text).reduce((sum, cluster) => sum + weight(cluster), 0),
};

export const bytes = (text) => encoder.encode(text.normalize("NFC")).length;

/** The length in a unit; a link costs `url` where that is a number. */
export function count(text, unit = "codepoint", url = null) {
  const whole = text.normalize("NFC");
  const measure = UNITS[unit] ?? UNITS.codepoint;
  const cost = url ?? (unit === "weighted280" ? 23 : null);
  if (cost === null) return measure(whole);
  const link = unit === "weighted280" ? BARE : LINK;
  return measure(whole.replace(link, "")) + (whole.match(link)?.length ?? 0) * cost;
}
