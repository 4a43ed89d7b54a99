/** Takes out of a text what must not be read in a log: the secrets we hold, and what looks like somebody's. */

export const REDACTED = '[redacted]';

/** Shapes of secrets, whoever they belong to, with what remains of them. */
const SHAPES: readonly (readonly [shape: RegExp, remains: string])[] = [
  // A header or a property with its value, up to the end of the line or of the quoted string.
  [
    /\b((?:proxy-)?authorization|x-security-token|x-auth-token|x-subject-token|(?:set-)?cookie)(["']?\s*[:=]\s*["']?)(?!\[redacted\])[^\r\n"']+/gi,
    `$1$2${REDACTED}`,
  ],
  [/\b(Bearer|Basic)\s+(?=[\w.~+/=-]*[\d.+/=_-])[\w.~+/=-]{8,}/g, `$1 ${REDACTED}`],
  [/\bSDK-HMAC-SHA256\s[^\r\n"']+/g, `SDK-HMAC-SHA256 ${REDACTED}`],
  // Slack: api.slack.com/concepts/token-types
  [/\b(?:xox[a-z]|xapp|xwfp)-[\w.-]+/g, REDACTED],
  // A JSON web token.
  [/\beyJ[\w-]{5,}\.[\w-]+\.[\w-]*/g, REDACTED],
  // A password in an address, and the signature of a signed link.
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@"']*@/gi, `$1${REDACTED}@`],
  [/([?&](?:[\w-]*signature|[\w-]*accesskeyid|[\w-]*credential|[\w-]*security-token|access_token|token)=)[^&\s"'<>]+/gi, `$1${REDACTED}`],
];

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');

/** How a secret may be written: as it stands, in a URL, in a form, in JSON. */
function writings(secret: string): readonly string[] {
  const well = secret.toWellFormed();
  const inUrl = encodeURIComponent(well);
  const inForm = new URLSearchParams({ '': well }).toString().slice(1);
  const lower = (text: string): string => text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
  return [secret, inUrl, lower(inUrl), inForm, lower(inForm), encodeURI(well), JSON.stringify(secret).slice(1, -1)];
}

/**
 * Makes the function that takes secrets out of a text.
 * @param secrets Read anew at each call, so that one learnt later (a token) may be added. Empty ones are ignored.
 */
export function createRedactor(secrets: Iterable<string>): (text: string) => string {
  let known = '';
  let pattern: RegExp | null = null;
  return (text) => {
    const present = [...secrets].filter((secret) => secret !== '');
    const now = JSON.stringify(present);
    if (now !== known) {
      known = now;
      // The longest first: a secret that contains another one goes whole.
      const all = [...new Set(present.flatMap(writings))].sort((a, b) => b.length - a.length);
      pattern = all.length > 0 ? new RegExp(all.map(literal).join('|'), 'g') : null;
    }
    const clean = pattern ? text.replace(pattern, REDACTED) : text;
    return SHAPES.reduce((rest, [shape, remains]) => rest.replace(shape, remains), clean);
  };
}
