// Sends one letter to many people through nodemailer's pool and prints what it took as JSON.
// node nodemailer_send.mjs '{"port":…,"messages":…,"connections":…,"key":"…","html":"…","text":"…"}'
import { createRequire } from "node:module";
import { performance } from "node:perf_hooks";

const require = createRequire(`${process.cwd()}/`);
const nodemailer = require("nodemailer");
const wanted = JSON.parse(process.argv[2]);

const transport = nodemailer.createTransport({
  host: "127.0.0.1",
  port: wanted.port,
  ignoreTLS: true,
  pool: true,
  maxConnections: wanted.connections,
  maxMessages: Infinity,
  dkim: { domainName: "example.com", keySelector: "relay", privateKey: wanted.key },
});

async function sendShare(share) {
  for (let number = share; number < wanted.messages; number += 2 * wanted.connections) {
    const name = `人${number}`;
    await transport.sendMail({
      from: { name: "店", address: "shop@example.com" },
      to: { name, address: `p${number}@lane${number % 4}.example` },
      subject: "新着のお知らせ",
      html: wanted.html.replace("{{ name }}", name),
      text: wanted.text.replace("{{ name }}", name),
      textEncoding: "base64",
      list: { unsubscribe: `https://www.example.com/stop/${number}` },
    });
  }
}

// twice as many at work as there are connections: none waits for its next message
const started = performance.now();
await Promise.all(Array.from({ length: 2 * wanted.connections }, (_, share) => sendShare(share)));
const seconds = (performance.now() - started) / 1000;
transport.close();
const { user, system } = process.cpuUsage();
console.log(JSON.stringify({ seconds, cpu: (user + system) / 1e6 }));
