// What a stranger, or a stranger's page in the same browser, may try: node hostile.mjs PROGRAM FOLDER
import fs from "node:fs";
import http from "node:http";
import net from "node:net";
import path from "node:path";
import { browser, check, serve } from "./clerk.mjs";

const [program, folder] = process.argv.slice(2);
fs.rmSync(folder, { recursive: true, force: true });
const server = await serve(program, folder);
const { port } = new URL(server.address);
const token = new URL(server.address).searchParams.get("token");

// One request, as said.
function ask(options, body) {
  return new Promise((done, fail) => {
    const request = http.request({ host: "127.0.0.1", port, agent: false, ...options }, (answer) => {
      let text = "";
      answer.on("data", (d) => { text += d; });
      answer.on("end", () => done({ status: answer.statusCode, headers: answer.headers, text }));
      answer.on("error", () => done({ status: answer.statusCode, headers: answer.headers, text }));
    });
    request.on("error", (e) => done({ status: 0, text: String(e), headers: {} }));
    if (body) request.write(body);
    request.end();
  });
}
// What comes of a change in the folder, as soon as the page has seen it.
async function eventually(place, holds) {
  for (let n = 0; n < 60; n += 1) {
    const answer = await ask({ path: place, headers: { cookie } });
    if (holds(answer)) return true;
    await new Promise((done) => setTimeout(done, 500));
  }
  return false;
}
const first = await ask({ path: `/?token=${token}` });
const cookie = first.headers["set-cookie"][0].split(";")[0];
const origin = `http://127.0.0.1:${port}`;
const ours = { cookie, origin };

try {
  console.log("Who asks");
  check(/HttpOnly; SameSite=Strict/.test(first.headers["set-cookie"][0]), "the cookie is for this page alone");
  check((await ask({ path: "/inbox" })).status === 403, "no token, no page");
  check((await ask({ path: "/?token=" + "0".repeat(64) })).status === 403, "a wrong token, no page");
  check((await ask({ path: "/inbox", headers: { referer: server.address } })).status === 403, "a token in a Referer opens nothing");
  check((await ask({ path: "/inbox", headers: { cookie, host: "evil.example" } })).status === 403, "another Host is refused");
  check((await ask({ path: "/inbox", headers: { cookie, host: `127.0.0.1.evil.example:${port}` } })).status === 403, "a Host that begins like ours is refused");
  const post = (headers, place = "/start/settings") =>
    ask({ path: place, method: "POST", headers: { "content-type": "application/x-www-form-urlencoded", ...headers } }, "province=X");
  check((await post({ cookie, origin: "http://evil.example" })).status === 403, "another Origin changes nothing");
  check((await post({ cookie })).status === 403, "no Origin changes nothing");
  check((await post({ cookie, origin: "null" })).status === 403, "an Origin of null changes nothing");
  check((await post({ cookie, origin, "sec-fetch-site": "cross-site" })).status === 403, "a cross-site request changes nothing");
  check((await post({ origin })).status === 403, "our Origin without the cookie changes nothing");
  check((await post(ours)).status === 303, "our own page does");
  const shown = await ask({ path: "/start", headers: { cookie } });
  check(/default-src 'self'/.test(shown.headers["content-security-policy"]) && !/unsafe/.test(shown.headers["content-security-policy"]), "the policy allows no inline script");
  check(!/<script(?![^>]*src=)|<style|\son\w+=|style=/.test(shown.text), "and there is none");
  check(shown.headers["x-content-type-options"] === "nosniff" && shown.headers["cache-control"] === "no-store", "pages are neither guessed at nor kept");

  console.log("Paths");
  for (const place of ["/outputs/file?name=..%2F..%2Ftonghop.toml", "/outputs/file?name=%2Fetc%2Fpasswd", "/static/..%2Fbase.html", "/static/%2e%2e/fields.toml", "/outputs/file?name=..\\..\\tonghop.toml", "/send/zip?unit=..%2F..%2F..", "/report?name=..%2F..%2Ftonghop.toml", "/return?file=..%2F..%2F..%2Fetc%2Fpasswd"]) {
    const answer = await ask({ path: place, headers: { cookie } });
    check(!/province =|root:x/.test(answer.text) && answer.headers["content-type"] !== "application/zip", `${place} leads nowhere`);
  }
  const boundary = "xxxx";
  const part = (name, text) => `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\n${text}\r\n`;
  const upload = (body, more = {}) =>
    ask({ path: "/files", method: "POST", headers: { ...ours, "content-type": `multipart/form-data; boundary=${boundary}`, ...more } }, body);
  await upload(part("../../../evil.csv", "a,b") + part("/tmp/evil2.csv", "a,b") + part("..\\..\\evil3.csv", "a,b") + part("NUL.csv", "a,b") + `--${boundary}--\r\n`);
  check(!fs.existsSync(path.join(folder, "../evil.csv")) && !fs.existsSync("/tmp/evil2.csv"), "no name leads out of the inbox");
  check(fs.readdirSync(path.join(folder, "inbox")).includes("evil.csv"), "such a file lies in the inbox by its last name");

  console.log("Sizes");
  const huge = await upload("", { "content-length": String(2 * 2 ** 30) });
  check(huge.status === 413 || huge.status === 0, "2 GB are refused before they are sent");
  const form = await ask({ path: "/start/settings", method: "POST", headers: { ...ours, "content-type": "application/x-www-form-urlencoded" } }, "province=" + "x".repeat(400000));
  check(form.status === 413, "a form of 400 kB is refused");
  const long = await ask({ path: "/start?" + "a".repeat(200000), headers: { cookie } });
  check(long.status >= 400 || long.status === 0, "an address of 200 kB is refused");

  console.log("Many and slow");
  const many = await Promise.all(Array.from({ length: 100 }, (_, n) => upload(part(`nhieu/${n}.csv`, "a,b\n".repeat(2000)) + `--${boundary}--\r\n`)));
  check(many.every((a) => a.status === 303), "a hundred uploads at once are all taken");
  check(fs.readdirSync(path.join(folder, "inbox/nhieu")).length >= 1, "and lie there");
  const slow = Array.from({ length: 60 }, () => {
    const socket = net.connect(port, "127.0.0.1");
    socket.on("error", () => {});
    socket.write(`POST /files HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nCookie: ${cookie}\r\nOrigin: ${origin}\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 100000\r\n\r\n--x\r\n`);
    return socket;
  });
  await new Promise((done) => setTimeout(done, 1500));
  check((await ask({ path: "/start", headers: { cookie } })).status === 200, "sixty that stand still keep nobody waiting");
  slow.forEach((socket) => socket.destroy());
  const memory = () => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${server.child.pid}/status`, "utf8"))[1]) / 1024;
  if (process.platform === "linux") check(memory() < 400, `the page takes ${Math.round(memory())} MB`);
  check(fs.readdirSync(path.join(folder, "inbox")).filter((n) => n.startsWith(".nhan")).length === 0, "nothing half is left");

  console.log("Text that would be more than text");
  const evil = `<img src=x onerror=alert(1)><script>alert(2)</script>"'&`;
  fs.writeFileSync(path.join(folder, "units.csv"), `code,name,level,aliases\nE<b>,"Sở ${evil.replaceAll('"', '""')}",so,\n`);
  const names = ["<script>alert(3)</script>.xls", `a"onmouseover="alert(4).xls`, "‮slx.exe.xls"];
  const sheet = `<html><table><tr><td>Biểu số II.06a/VPCP/KSTT</td></tr><tr><td>${evil.replaceAll("<", "&lt;")}</td></tr><tr><td>1</td></tr></table></html>`;
  names.forEach((name) => fs.writeFileSync(path.join(folder, "inbox", name.replaceAll("/", "_")), sheet));
  const chrome = await browser();
  const page = await chrome.newPage();
  page.setDefaultTimeout(120000);
  let alerted = false;
  const complaints = [];
  page.on("dialog", (dialog) => { alerted = true; dialog.dismiss(); });
  page.on("console", (m) => m.type() === "error" && complaints.push(m.text()));
  page.on("pageerror", (e) => complaints.push(String(e)));
  await page.goto(server.address);
  await new Promise((done) => setTimeout(done, 2500));
  for (const place of ["/start", "/inbox", "/findings", "/send", "/totals", "/report", "/forms", "/outputs", "/ledger", ...names.map((n) => "/return?file=" + encodeURIComponent(n.replaceAll("/", "_")))]) {
    await page.goto(origin + place);
    check(!alerted && (await page.locator("img[src=x], script:not([src])").count()) === 0, `${place}: shown as text`);
  }
  check(complaints.length === 0, "the browser had nothing to stop: " + complaints.join(" | "));
  // A page of another site in the same browser.
  const elsewhere = http.createServer((_, answer) => {
    answer.setHeader("content-type", "text/html");
    answer.end(`<form method=post action="${origin}/start/settings"><input name=province value=EVIL></form><script>document.forms[0].submit()</script>`);
  }).listen(0);
  await page.goto(`http://127.0.0.2:${elsewhere.address().port}/`).catch(() => page.goto(`http://localhost:${elsewhere.address().port}/`));
  await page.waitForTimeout(800);
  check(!fs.readFileSync(path.join(folder, "tonghop.toml"), "utf8").includes("EVIL"), "another site's form changes nothing");
  elsewhere.close();
  await chrome.close();

  console.log("Trouble");
  const second = await new Promise((done) => import("node:child_process").then(({ execFile }) => execFile(program, ["serve", folder, "--no-open"], (error, out) => done(out))));
  check(/đang mở ở http/.test(second), "a second start finds the page that is open");
  fs.writeFileSync(path.join(folder, "ledger.csv"), "khi,ai\n1,2\n");
  check(await eventually("/inbox", (a) => /ledger\.csv/.test(a.text) && a.status === 200), "a broken list is named, and the page lives");
  fs.rmSync(path.join(folder, "ledger.csv"));
  fs.writeFileSync(path.join(folder, "bieu", "hong.toml"), "id = 3");
  check(await eventually("/inbox", (a) => /hong\.toml/.test(a.text)), "a broken template is named");
  fs.rmSync(path.join(folder, "bieu", "hong.toml"));
  check(await eventually("/inbox", (a) => a.status === 200 && !/hong\.toml/.test(a.text)), "and all is well when it is gone");
} catch (error) {
  console.log("  ✗ " + error.stack);
  process.exitCode = 1;
} finally {
  await server.kill();
}
