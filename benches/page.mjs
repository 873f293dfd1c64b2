// How soon the samples' first findings are seen after they are dropped, how smoothly a grid of 170 units × 9 forms × 4
// quarters scrolls, and how soon a correction is shown, measured in the browser: node benches/page.mjs PROGRAM [FOLDER].
// Needs the packages of tests/page (npm install there).
import fs from "node:fs";
import path from "node:path";
import { browser, drop, files, home, samples, serve } from "../tests/page/clerk.mjs";

const [program, folder = "/tmp/tonghop-page-bench"] = process.argv.slice(2);
fs.rmSync(folder, { recursive: true, force: true });
fs.mkdirSync(path.join(folder, "inbox"), { recursive: true });
fs.writeFileSync(path.join(folder, "tonghop.toml"), "");
fs.cpSync(samples, path.join(folder, "inbox"), { recursive: true });
fs.renameSync(path.join(folder, "inbox/units.csv"), path.join(folder, "units.csv"));
const more = Array.from({ length: 154 }, (_, n) => `XA${n},"UBND xã Thử ${n}",${n % 3 ? "xa" : "so"},`);
fs.appendFileSync(path.join(folder, "units.csv"), more.join("\n") + "\n");

const chrome = await browser();
const dropped = [];
for (let n = 0; n < 3; n += 1) {
  const empty = `${folder}-drop`;
  fs.rmSync(empty, { recursive: true, force: true });
  fs.mkdirSync(empty, { recursive: true });
  fs.copyFileSync(path.join(samples, "units.csv"), path.join(empty, "units.csv"));
  const own = await serve(program, empty);
  const page = await chrome.newPage();
  await page.goto(own.address);
  await drop(page, files(samples).filter((f) => !f.endsWith("units.csv")), samples);
  await page.locator("table.matrix").waitFor();
  dropped.push(Math.round(await page.evaluate(() => window.lastUpload)));
  await page.close();
  await own.kill();
}
console.log(`from the drop of ${files(samples).length - 1} files to the first findings: ${dropped.sort((a, b) => a - b).join(", ")} ms`);

const server = await serve(program, folder);
const page = await chrome.newPage({ viewport: { width: 1366, height: 768 } });
await page.goto(server.address);
const open = Date.now();
await page.goto(`${server.origin}/inbox?period=2023-Q3`);
console.log(`inbox of ${await page.locator("table.matrix tbody tr").count()} rows: ${Date.now() - open} ms`);

// The grid of all four quarters, as wide as it gets.
await page.evaluate(() => {
  for (const row of document.querySelectorAll("table.matrix tr")) {
    const cells = [...row.children].slice(1);
    for (let quarter = 1; quarter < 4; quarter += 1) cells.forEach((cell) => row.append(cell.cloneNode(true)));
  }
});
const frames = await page.evaluate(() => new Promise((done) => {
  const times = [];
  let last = performance.now();
  let y = 0;
  const step = (now) => {
    times.push(now - last);
    last = now;
    y += 40;
    window.scrollTo(0, y);
    document.querySelector(".sheetbox").scrollLeft = y % 900;
    if (y < 6000) requestAnimationFrame(step);
    else done(times.slice(2).sort((a, b) => a - b));
  };
  requestAnimationFrame(step);
}));
const at = (part) => frames[Math.floor(frames.length * part)].toFixed(1);
console.log(`scrolling: ${(1000 / (frames.reduce((a, b) => a + b) / frames.length)).toFixed(0)} frames a second; median ${at(0.5)} ms, 95 % ${at(0.95)} ms, worst ${at(0.999)} ms`);

const times = [];
await page.goto(`${server.origin}/findings`);
const place = await page.locator(".findings a", { hasText: "8.823" }).getAttribute("href");
for (let n = 0; n < 8; n += 1) {
  await page.goto(server.origin + place);
  await page.getByRole("button", { name: "Ghi 823" }).click();
  await page.getByText("Đã ghi I17").waitFor();
  times.push(Math.round(await page.evaluate(() => window.lastSwap)));
  await page.getByRole("button", { name: "Hoàn tác" }).click();
  await page.getByText("Đã hoàn tác I17").waitFor();
  await page.waitForTimeout(1800);
}
console.log(`a correction, checked again and shown: ${times.sort((a, b) => a - b).join(", ")} ms`);
await chrome.close();
await server.kill();
console.log(path.relative(home, folder));
