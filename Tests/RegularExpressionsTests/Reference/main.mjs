// Answers questions about ECMAScript's regular expressions with those of Node, to compare with.
//
//     node main.mjs SEED N      makes N cases, one JSON object a line, with their answers
//
// `strict` and `lenient` say whether the pattern is one with and without the flag u. `matches` are those with the flag,
// or, where it is no pattern then, without; offsets are UTF-8 bytes, -1 for groups that took no part.

let state = BigInt(process.argv[2]) * 0x9e3779b97f4a7c15n + 1n;
function random(limit) {
  state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n);
  return Number((state >> 33n) % BigInt(limit));
}
const pick = (...words) => words[random(words.length)];
const letters = ["a", "b", "c", "k", "s", "A", "K", "é", "É", "ſ", "\u212a", "ß", "σ", "日", "😀", " ", "\n", "_", "1", "9", "-", ".", "\u2028", "\ufeff", "x", "0", "\r", "\t"];

function pattern(depth) {
  let out = "";
  for (let count = random(4) + random(2); count > 0; count--) {
    out += atom(depth);
    if (random(3) === 0)
      out += pick("*", "+", "?", "*?", "+?", "??", "{2}", "{1,3}", "{0,2}?", "{2,}", "{0}", "{,3}", "{3,1}", "{1}", "{", "}", "{1", "]", "{a}");
  }
  return depth > 0 && random(4) === 0 ? out + "|" + pattern(depth - 1) : out;
}

function characterClass() {
  let out = random(3) === 0 ? "[^" : "[";
  for (let count = random(4); count > 0; count--) {
    switch (random(5)) {
      case 0: out += pick("a-c", "A-Z", "0-9", "α-ω", "-", "a-", "c-a", "[", "\\w-a", "a-\\d", "--0", "^"); break;
      case 1: out += pick("\\d", "\\W", "\\s", "\\S", "\\p{L}", "\\P{Lu}", "\\p{Script=Greek}", "\\n", "\\]", "\\x41", "\\-", "\\b", "\\B", "\\cA", "\\c1", "\\u{61}", "\\u0062", "\\0", "\\12", "\\8", "\\k", "\\c", "\\_", "\\D"); break;
      default: out += letters[random(letters.length)];
    }
  }
  return out + "]";
}

function atom(depth) {
  if (depth > 0 && random(3) === 0)
    return pick("(", "(", "(?:", "(?<n>", "(?<m>", "(?=", "(?!", "(?<=", "(?<!", "(?P<n>") + pattern(depth - 1) + pick(")", ")", ")", ")", ")", ")", ")", ")", ")", "))", "");
  switch (random(12)) {
    case 0: return characterClass();
    case 1: return pick("^", "$", "\\b", "\\B");
    case 2: return pick("\\d", "\\w", "\\s", "\\D", "\\W", "\\S", "\\p{L}", "\\p{Lu}", "\\P{L}", "\\p{sc=Greek}", "\\p{scx=Grek}", "\\p{Alphabetic}", "\\p{Nope}", "\\pL", "\\p{gc=Nd}", "\\p{Emoji}", "\\p{ASCII}");
    case 3: return pick("\\.", "\\n", "\\t", "\\u{e9}", "\\u00e9", "\\ud83d\\ude00", "\\cA", "\\c", "\\c9", "\\x41", "\\x4", "\\u12", "\\0", "\\01", "\\101", "\\8", "\\400", "\\-", "\\é", "\\/", "\\a", "\\A", "\\z", "\\_", "\\v", "\\f", "\\{");
    case 4: return pick(".", "\\1", "\\2", "\\k<n>", "\\k<m>", "\\k", "\\1", "\\3");
    case 5: return pick("(?", "(?a)", "*", "+", "**", "{2}", "()", "(|a)", "(?:)", "", "]", "}", "{", "[]", "[^]", ")");
    default: return letters[random(letters.length)];
  }
}

function text() {
  let out = "";
  const isSmall = random(2) === 0;
  for (let count = random(12); count > 0; count--) out += letters[random(isSmall ? 5 : letters.length)];
  return out;
}

function compiled(pattern, flags) {
  try {
    return new RegExp(pattern, flags);
  } catch {
    return null;
  }
}

const usedUnits = /[\u{10000}-\u{10ffff}]|\\u\{|\\p|\\P|\\ud83d/u;
for (let count = Number(process.argv[3]); count > 0; count--) {
  const source = pattern(2);
  const searched = text();
  const strict = compiled(source, "dgu");
  const lenient = compiled(source, "dg");
  const answer = { pattern: source, text: searched, strict: strict !== null, lenient: lenient !== null };
  // What differs between code points and units of UTF-16 cannot be asked without the flag.
  if (strict || (lenient && !usedUnits.test(source + searched))) {
    const bytes = (unit) => Buffer.byteLength(searched.slice(0, unit));
    answer.matches = Array.from(searched.matchAll(strict ?? lenient), (match) => match.indices.flatMap((range) => (range ? range.map(bytes) : [-1, -1])));
  }
  console.log(JSON.stringify(answer));
}
