// What an experiment writes down: plain JSON in which everything that differs from run to run is replaced by a placeholder.

const isSeconds = (number) => number > 1.5e9 && number < 4e9;
const isMilliseconds = (number) => number > 1.5e12 && number < 4e12;
const uuid = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;

/** Knows the names that an experiment gave, and what stands for them in its observation. */
export class Placeholders {
  #names = new Map();

  add(name, placeholder) {
    this.#names.set(name, placeholder);
  }

  text(text) {
    const longestFirst = [...this.#names].sort(([a], [b]) => b.length - a.length);
    for (const [name, placeholder] of longestFirst) text = text.replaceAll(name, placeholder);
    return text
      .replace(/\barn:aws[a-z-]*:iot:[a-z0-9-]+:\d{12}:/g, 'arn:aws:iot:<region>:<account>:')
      .replace(/\barn:aws[a-z-]*:iot:[a-z0-9-]+::/g, 'arn:aws:iot:<region>::')
      .replace(uuid, '<uuid>') // before accounts: twelve digits may end one
      .replace(/\b\d{12}\b/g, '<account>')
      .replace(/\b[0-9a-f]{32}\b/g, '<hex>');
  }

  /** A value of an answer or a message, with its members in alphabetical order. */
  plain(value, member) {
    if (value === null || value === undefined || typeof value === 'boolean') return value;
    if (value instanceof Date) return '<time>';
    if (typeof value === 'bigint') return this.plain(Number(value), member);
    if (typeof value === 'number') {
      if (member === 'approximateSecondsBeforeTimedOut') return `about ${Math.round(value / 60)} minutes`;
      return isSeconds(value) || isMilliseconds(value) ? '<time>' : value;
    }
    if (typeof value === 'string') return member === 'nextToken' ? '<token>' : this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.plain(item, member));
    return Object.fromEntries(
      Object.keys(value)
        .filter((name) => value[name] !== undefined)
        .sort()
        .map((name) => [this.text(name), this.plain(value[name], name)]),
    );
  }
}

const notOfTheService = ['name', 'message', 'stack', 'traceId', 'Message', 'Code', 'Type', 'code', 'type', '__type'];

/** How a call of an SDK client ended: `{status, answer}` or `{status, error, message}` with the members that the error has. */
export async function outcomeOf(call) {
  try {
    const { $metadata, ...answer } = await call;
    return { status: $metadata.httpStatusCode, ...(Object.keys(answer).length > 0 && { answer }) };
  } catch (error) {
    if (error.$metadata?.httpStatusCode === undefined) throw error;
    const members = Object.entries(error).filter(([name]) => !name.startsWith('$') && !notOfTheService.includes(name));
    return { status: error.$metadata.httpStatusCode, error: error.name, message: error.message, ...Object.fromEntries(members) };
  }
}

/** The same for a request that was signed by hand: here the body is seen as it came. */
export function outcomeOfRequest({ status, headers, text }) {
  const error = headers.get('x-amzn-errortype')?.split(':')[0];
  let body = text;
  try {
    body = JSON.parse(text);
  } catch {
    // no JSON, so the text itself
  }
  if (body && typeof body === 'object') delete body.traceId;
  return { status, ...(error && { error }), body };
}

/** The form of a time: its digits as d. */
export const digitsAsLetters = (text) => text.replace(/\d/g, 'd');
