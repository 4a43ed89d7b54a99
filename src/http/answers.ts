/** Short answers of the web server's own. */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Answers JSON with a status. */
export function answerJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(`${JSON.stringify(body)}\n`);
}

/** Answers an error: JSON to who asks for it, a line of text to everybody else. `reference` names a log line. */
export function answerError(
  request: IncomingMessage,
  response: ServerResponse,
  error: { readonly status: number; readonly words: string; readonly reference?: string },
): void {
  const { status, ...body } = { status: error.status, error: error.words, ...(error.reference === undefined ? {} : { reference: error.reference }) };
  if (request.headers.accept?.includes('application/json')) {
    answerJson(response, status, body);
    return;
  }
  const text = error.reference === undefined ? error.words : `${error.words} (reference ${error.reference})`;
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}

/** What an unknown path gets, and a path that is switched off: nobody can tell the two apart. */
export function answerNotFound(request: IncomingMessage, response: ServerResponse): void {
  answerError(request, response, { status: 404, words: 'not found' });
}
