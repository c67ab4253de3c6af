/** What the YAML library complains about: its code, its own words and where. */
export interface YamlComplaint {
  code: string;
  message: string;
  /** Offsets in the text, UTF-16 code units. */
  pos: readonly [number, ...number[]];
}

/** What is wrong, and how to mend it. */
export interface YamlSaying {
  message: string;
  hint: string;
}

/** What stands where the library stopped. */
interface Spot {
  /** The library's own words, only to tell apart what shares a code. */
  words: string;
  /** From the place to the end of its line. */
  rest: string;
}

type Say = (spot: Spot) => YamlSaying;

const say = (message: string, hint: string): YamlSaying => ({ message, hint });
const always = (message: string, hint: string): Say => {
  const saying = say(message, hint);
  return () => saying;
};

const QUOTE_IT = 'put the value in quotes, or write it after >- on lines of its own';
/** Characters of a document that a message repeats at most. */
const SHOWN = 40;

const shown = (text: string): string => {
  const [cut, sign] = [text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text, text.includes('"') ? "'" : '"'];
  return `${sign}${cut}${sign}`;
};
/** The first word of what stands there. */
const word = (rest: string): string => /^[^\s,[\]{}]+/.exec(rest)?.[0] ?? rest.slice(0, 1);
/** The key that begins there. */
const key = (rest: string): string =>
  /^(?:"((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)'|([^:]*?))\s*(?::|$)/.exec(rest)?.slice(1).find(Boolean) ?? word(rest);

const BRACKETS = 'close every [ with ] and every { with }, and indent what stands between them deeper than their key';

const SAYINGS: { readonly [code: string]: Say } = {
  ALIAS_PROPS: always('an alias (*name) has an anchor or a tag of its own', 'take away the & or ! before it'),
  BAD_ALIAS: ({ words }) =>
    words.includes('ambiguous')
      ? say('the name of an anchor (&) or alias (*) ends with a colon', 'put a space before the colon')
      : say('an anchor (&) or alias (*) has no name', 'name it, or put a text that begins with & or * in quotes'),
  BAD_COLLECTION_TYPE: ({ rest }) =>
    say(`the tag ${shown(word(rest))} does not fit what it stands before`, 'leave the tag out'),
  BAD_DIRECTIVE: ({ rest }) =>
    say(
      `the line ${shown(rest)} begins with %, but it is no instruction that YAML knows`,
      'take the line away, or put the text in quotes',
    ),
  BAD_DQ_ESCAPE: ({ rest }) =>
    say(
      `${shown(rest.slice(0, 2))} means nothing within double quotes`,
      'write the backslash twice, or put the text in single quotes',
    ),
  BAD_INDENT: ({ words, rest }) => {
    if (/\[|\]|\{|\}/.test(words) || words.startsWith('Flow'))
      return say('brackets are still open where the value must end', BRACKETS);
    if (words.startsWith('Block scalar'))
      return say(
        'the lines of this text are not indented alike',
        'indent every line of it at least as deep as the first',
      );
    const what = /^\s*- /.test(rest) ? 'entries of one list' : 'keys of one mapping';
    return say('this line is indented differently from those that it belongs to', `begin ${what} in the same column`);
  },
  BAD_PROP_ORDER: always(
    'an anchor (&) or a tag (!) stands before the sign of what it is about',
    'write it behind that sign',
  ),
  BAD_SCALAR_START: ({ rest }) =>
    say(`a text without quotes cannot begin with ${rest.slice(0, 1)}`, 'put the text in quotes'),
  BLOCK_AS_IMPLICIT_KEY: ({ rest }) => {
    if (/^\s*- /.test(rest))
      return say('a list stands where a key belongs', 'indent the list as deep as the entries that it belongs to');
    if (/:(?:\s|$)/.test(rest))
      return say('a value without quotes holds a colon, so that it reads as a second key on the same line', QUOTE_IT);
    return say(
      'this key has a value already, and lines that are indented below it',
      'indent them like their key, or take the value away',
    );
  },
  BLOCK_IN_FLOW: always(
    'an indented list or mapping stands within brackets',
    'write it in brackets too, or put the value in quotes',
  ),
  DUPLICATE_KEY: ({ rest }) =>
    say(`the key ${shown(key(rest))} stands twice in one mapping`, 'keep one of the two keys'),
  IMPOSSIBLE: always('this is no clean YAML', 'write the line anew'),
  KEY_OVER_1024_CHARS: always('a key is longer than 1024 characters', 'shorten the key, or put its colon in quotes'),
  MISSING_CHAR: ({ words, rest }) => missing(words, rest),
  MULTILINE_IMPLICIT_KEY: always(
    'a key runs over more than one line',
    'write a colon behind each key, and each key with its colon on one line',
  ),
  MULTIPLE_ANCHORS: always('two anchors (&) stand before one value', 'keep one of them'),
  MULTIPLE_DOCS: always('the file holds more than one document', 'keep one, and no line that says ---'),
  MULTIPLE_TAGS: always('two tags (!) stand before one value', 'put a text that begins with ! in quotes'),
  NON_STRING_KEY: always('a key is no text', 'put the key in quotes'),
  RESOURCE_EXHAUSTION: always('the document is nested too deeply', 'write it with fewer levels'),
  TAB_AS_INDENT: always('the line is indented with a tab', 'indent with spaces: YAML allows no tabs there'),
  TAG_RESOLVE_FAILED: ({ rest }) =>
    say(
      `${shown(word(rest))} is read as a YAML tag, because it begins with !, and there is no such tag for this value`,
      'quote the expression, or leave the tag out',
    ),
  UNEXPECTED_TOKEN: ({ words, rest }) => unexpected(words, rest),
};

function missing(words: string, rest: string): YamlSaying {
  if (words.includes('quote')) {
    const sign = words.includes('"') ? 'double' : 'single';
    return say(`a text in ${sign} quotes does not end`, `close it with a ${sign} quote`);
  }
  if (words.startsWith('Comments'))
    return say('a comment begins without a space before its #', 'put a space before the #');
  if (/must end with a/.test(words)) return say('brackets are still open where the value must end', BRACKETS);
  if (words.startsWith('Implicit map keys'))
    return say(
      `${shown(rest.trimEnd())} stands where a key belongs, but no colon follows`,
      'write it as "key: value"; indent a text of several lines',
    );
  if (words.startsWith('Sequence item'))
    return say('an entry of a list has no - before it', 'write "- " before it, or indent it like what it belongs to');
  if (/^Missing (?:space|,)/.test(words))
    return say(
      `between ${shown(word(rest))} and what stands before it a comma, or a colon and a space, is missing`,
      'write a comma between entries, and a space behind each colon',
    );
  if (words.startsWith('Block collection cannot'))
    return say('a mapping or a list begins on the line of ---', 'begin it on the next line');
  if (words.includes('directives-end'))
    return say(
      'an instruction (%) is not followed by ---',
      'write --- on the line below it, or take the instruction away',
    );
  if (words.startsWith('Block scalars'))
    return say(
      'an empty line of this text is indented deeper than its first line',
      'take the spaces of the empty line away',
    );
  if (words.startsWith('Tags and anchors'))
    return say('a tag (!) or an anchor (&) runs into what follows', 'put a space behind it, or put the text in quotes');
  return say(
    'something is missing here: this is no clean YAML',
    'begin on a line of its own what stands behind an anchor (&) or a tag (!)',
  );
}

function unexpected(words: string, rest: string): YamlSaying {
  if (/^\s*- /.test(rest))
    return say('a list begins on the line of its key', 'begin it on the next line, or put the value in quotes');
  if (rest.startsWith(','))
    return say('a comma stands where an entry belongs', 'take the comma away, or write the entry');
  if (/^[\]}]/.test(rest))
    return say(`${rest.slice(0, 1)} closes nothing that is open`, 'take it away, or put the text in quotes');
  if (words.startsWith('Block scalar header') || words.startsWith('Not a YAML token'))
    return say(`${shown(rest.trimEnd())} stands behind | or >`, 'begin the text on the next line');
  return say(
    `${shown(rest.trimEnd())} stands behind a value that is complete before it`,
    `${QUOTE_IT}; begin another key on a line of its own`,
  );
}

/** Codes of the YAML library that are said in words of our own. */
export const SAID_YAML_CODES: readonly string[] = Object.keys(SAYINGS);

/**
 * What the YAML library complains about, in plain words that say what was met and how to mend it.
 *
 * @param text The text in which it was found.
 */
export function sayYaml({ code, message, pos }: YamlComplaint, text: string): YamlSaying {
  const from = Math.min(pos[0], text.length);
  const [rest = ''] = text.slice(from, from + 2 * SHOWN + 1024).split(/\r?\n/, 1);
  return (SAYINGS[code] ?? SAYINGS['IMPOSSIBLE']!)({ words: message, rest });
}
