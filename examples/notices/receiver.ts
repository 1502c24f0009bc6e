/** A receiver of notices: node receiver.js, with the key of the destination in CUSTODY_WEBHOOK_SECRET. */
import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';

const webhook = new Webhook(process.env['CUSTODY_WEBHOOK_SECRET'] ?? '');
const seen = new Set<string>(); // A database, where it matters.

const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk;
  try {
    webhook.verify(body, request.headers as Record<string, string>);
  } catch {
    response.writeHead(401).end();
    return;
  }
  const { id, type, data } = JSON.parse(body) as { id: string; type: string; data: { text: string } };
  if (!seen.has(id)) console.log(type, id, data.text);
  seen.add(id);
  response.writeHead(204).end();
});
server.listen(Number(process.env['PORT'] ?? 8080), '127.0.0.1');
