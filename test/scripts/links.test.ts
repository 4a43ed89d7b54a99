import { expect, test } from 'vitest';
import { linksIn, whyBroken } from '../../scripts/links.ts';
import { freePort } from '../support/free-port.ts';
import { startHttpServer } from '../support/http-server.ts';

test('links out of a page are found, and neither its own nor examples', () => {
  const text = 'See [a](https://a.example/x?y=1#part), [b](docs/b.md), [c](#c) and `https://host:port`; [d](http://d.example).';
  expect(linksIn(text)).toEqual(['https://a.example/x?y=1', 'http://d.example']);
});

test('a page that is gone, fails or can not be reached is broken; one that moved, or refuses programs, is not', async () => {
  const server = await startHttpServer(({ path }, response) => {
    if (path === '/moved') response.writeHead(301, { location: '/200' }).end();
    else response.writeHead(Number(path.slice(1))).end();
  });
  const asked = ['/200', '/moved', '/403', '/404', '/500'].map((path) => whyBroken(server.url + path));
  expect(await Promise.all(asked)).toEqual([null, null, null, 'HTTP 404', 'HTTP 500']);
  await server.close();
  expect(await whyBroken(`http://127.0.0.1:${await freePort()}`)).toContain('ECONNREFUSED');
});
