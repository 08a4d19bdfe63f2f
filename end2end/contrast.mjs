// Computes WCAG 2 contrast ratios from style/token.css for every pair of ink and ground the sheet uses, in both themes.
// Words need 4.5, controls and marks 3. Prints the failures and exits with 1; --all prints every ratio.
import { readFileSync } from "node:fs";

const source = readFileSync(new URL("../style/token.css", import.meta.url), "utf8");

/** Name → its oklch text in the light and in the dark theme. */
const tokens = new Map();
const colour = String.raw`oklch\([^()]*\)`;
for (const [, name, light, dark, single] of source.matchAll(
  new RegExp(String.raw`--([\w-]+):\s*(?:light-dark\(\s*(${colour})\s*,\s*(${colour})\s*\)|(${colour}))\s*;`, "g"),
)) {
  tokens.set(name, single ? { light: single, dark: single } : { light, dark });
}

/** oklch → linear sRGB, clipped to the gamut as a screen would. */
function linear(text) {
  const [l, c, h] = text.match(/[\d.]+/g).map(Number);
  const a = c * Math.cos((h * Math.PI) / 180);
  const b = c * Math.sin((h * Math.PI) / 180);
  const x = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const y = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const z = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z,
    -1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z,
    -0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z,
  ].map((value) => Math.min(1, Math.max(0, value)));
}

const luminance = ([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b;

/** The colour of a token, or of "name 45% over name" as color-mix(in oklab) and see-through layers make it. */
function paint(expression, theme) {
  const mix = expression.match(/^([\w-]+) (\d+)% over ([\w-]+)$/);
  if (!mix) {
    const token = tokens.get(expression);
    if (!token) throw new Error(`style/token.css has no colour --${expression}`);
    return token[theme];
  }
  const [top, ground] = [paint(mix[1], theme), paint(mix[3], theme)].map((text) => {
    const [l, c, h] = text.match(/[\d.]+/g).map(Number);
    return [l, c * Math.cos((h * Math.PI) / 180), c * Math.sin((h * Math.PI) / 180)];
  });
  const share = Number(mix[2]) / 100;
  const [l, a, b] = top.map((value, index) => value * share + ground[index] * (1 - share));
  return `oklch(${l} ${Math.hypot(a, b)} ${((Math.atan2(b, a) * 180) / Math.PI + 360) % 360})`;
}

function ratio(ink, ground, theme) {
  const [a, b] = [ink, ground].map((name) => luminance(linear(paint(name, theme)))).sort((p, q) => q - p);
  return (a + 0.05) / (b + 0.05);
}

const words = 4.5;
const marks = 3;
const grounds = ["sheet", "raised", "sunken", "hover", "canvas"];

/** What stands on what: least ratio, inks, grounds. */
const pairs = [
  [
    words,
    ["ink", "ink-2"],
    [...grounds, "accent-soft", "ok-soft", "warn-soft", "bad-soft", "violet-soft", "canvas-hover", "canvas-on"],
  ],
  [words, ["ink-3"], [...grounds, "accent-soft", "violet-soft", "canvas-hover"]],
  [words, ["accent"], ["sheet", "raised", "sunken", "hover", "canvas", "accent-soft", "canvas-on"]],
  [
    words,
    ["ink", "ink-2", "ink-3", "accent"],
    [
      "accent-soft 45% over sheet",
      "accent-soft 55% over sheet",
      "warn-soft 60% over sheet",
      "violet-soft 60% over sheet",
    ],
  ],
  [words, ["ok", "warn", "bad", "violet"], ["sheet", "raised", "hover"]],
  ...["ok", "warn", "bad", "violet"].map((name) => [words, [name], [`${name}-soft`]]),
  [words, ["warn"], ["warn-soft 60% over sheet"]],
  [words, ["violet"], ["violet-soft 60% over sheet"]],
  [
    words,
    ["on-accent"],
    ["accent-fill", "accent-fill-2", "on-accent 12% over accent-fill", "on-accent 12% over accent-fill-2"],
  ],
  [words, ["on-bad"], ["bad-fill", "bad-fill-2"]],
  [words, ["rail-ink", "rail-bright"], ["rail", "rail-hover", "rail-on"]],
  [words, ["night-ink", "night-ink-2"], ["night", "night-on"]],
  [words, ["ink", "ink-2"], ["seg-on"]],
  [words, ["ink"], ["selection"]],
  [words, ["on-mark"], ["mark-1", "mark-4"]],
  [marks, ["control"], ["sheet", "raised", "sunken"]],
  [marks, ["mark-0", "mark-1", "mark-2", "mark-3", "mark-4", "mark-5"], ["sheet"]],
  [marks, ["accent-fill", "bad-fill"], ["sheet"]],
  [marks, ["thumb"], ["control"]],
  [marks, ["on-accent"], ["accent-fill"]],
  [marks, ["focus"], ["sheet", "raised", "canvas", "hover", "accent-soft"]],
  [marks, ["rail-focus", "rail-dot", "brand"], ["rail"]],
  [marks, ["led"], ["night"]],
  [marks, ["star-edge"], ["sheet"]],
];

const all = process.argv.includes("--all");
let checked = 0;
const failures = [];
for (const [least, inks, under] of pairs) {
  for (const ink of inks) {
    for (const ground of under) {
      for (const theme of ["light", "dark"]) {
        const value = ratio(ink, ground, theme);
        const line = `${value.toFixed(2).padStart(5)} (needs ${least})  ${ink} on ${ground}, ${theme}`;
        checked += 1;
        if (all) console.log(line);
        if (value < least) failures.push(line);
      }
    }
  }
}

if (failures.length > 0) {
  console.error(`${failures.length} of ${checked} pairs in style/token.css are too weak:`);
  for (const line of failures) console.error(`  ${line}`);
  process.exit(1);
}
console.log(`contrast: ${checked} pairs in style/token.css hold in both themes`);
