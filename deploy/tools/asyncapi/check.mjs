// node check.mjs FILE: checks an AsyncAPI document with AsyncAPI's own parser, and each example with its schema
// (the parser leaves those of version 3 alone); prints what is in it as JSON.
import { readFileSync } from 'node:fs';
import { Parser } from '@asyncapi/parser';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';

const [file] = process.argv.slice(2);
const text = readFileSync(file, 'utf8');
const { document, diagnostics } = await new Parser().parse(text);
// 0 error, 1 warning, 2 information, 3 hint.
const faults = diagnostics.filter((d) => d.severity <= 1);
for (const d of faults) console.error(`${d.code} at ${d.path.join('/')}: ${d.message}`);
if (!document || faults.length > 0) process.exit(1);

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
const raw = JSON.parse(text);
ajv.addSchema({ components: raw.components }, 'https://lianxi.invalid/bus.json');
let wrong = 0;
let examples = 0;
for (const [id, message] of Object.entries(raw.components.messages)) {
  for (const part of ['payload', 'headers']) {
    if (!message[part]) continue;
    const pointer = `/components/messages/${id}/${part}`;
    const fits = ajv.compile({ $ref: `https://lianxi.invalid/bus.json#${pointer}` });
    for (const example of message.examples ?? []) {
      if (!(part in example)) continue;
      examples += 1;
      if (fits(example[part])) continue;
      wrong += 1;
      console.error(`${id}, example ${example.name}: ${ajv.errorsText(fits.errors)}`);
    }
  }
}
if (wrong > 0) process.exit(1);
const operations = document.operations().all();
console.log(JSON.stringify({
  version: document.version(),
  examples,
  servers: document.servers().all().map((s) => s.id()),
  channels: document.channels().all().map((c) => c.address()).filter(Boolean),
  messages: document.components().messages().all().map((m) => m.id()),
  operations: operations.map((o) => o.id()),
  replied: operations.filter((o) => o.reply()).length,
}));
