// A served workspace and a browser on it, as the tests use them.
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { chromium } from "playwright-core";
import { flags } from "./browser.mjs";

export const here = path.dirname(new URL(import.meta.url).pathname);
export const home = path.resolve(here, "../..");
export const samples = path.join(home, "samples/quang-minh");

export function check(fact, words) {
  if (!fact) throw new Error(words);
  console.log("  ✓ " + words);
}

// The page over a folder; without one, whatever the arguments start.
export async function serve(program, folder, ...more) {
  const given = folder === null ? more : ["serve", folder, "--no-open", ...more];
  const child = spawn(program, given, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  const address = await new Promise((done, fail) => {
    child.stdout.on("data", (data) => {
      said += data;
      const found = said.match(/http:\/\/127\.0\.0\.1:\d+\/\?token=\w+/);
      if (found) done(found[0]);
    });
    child.on("exit", () => fail(new Error("the page ended: " + said)));
  });
  return { child, address, origin: new URL(address).origin, kill: () => new Promise((done) => { child.on("exit", done); child.kill("SIGKILL"); }) };
}

export async function browser() {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  return chromium.launch({ executablePath, args: flags });
}

// All files under a folder, each with its name from there.
export function files(folder) {
  const found = [];
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) found.push(...files(full));
    else found.push(full);
  }
  return found.sort();
}

// Drops files onto the page as a hand would.
export async function drop(page, list, base) {
  const given = list.map((file) => ({ name: path.relative(base, file), bytes: [...fs.readFileSync(file)] }));
  const handle = await page.evaluateHandle((given) => {
    const transfer = new DataTransfer();
    for (const file of given) transfer.items.add(new File([new Uint8Array(file.bytes)], file.name.split("/").pop()));
    return transfer;
  }, given);
  await page.dispatchEvent("main", "dragenter", { dataTransfer: handle });
  await page.dispatchEvent("main", "drop", { dataTransfer: handle });
}

export function run(program, ...args) {
  return new Promise((done) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    let out = "";
    child.stdout.on("data", (data) => { out += data; });
    child.stderr.on("data", (data) => { out += data; });
    child.on("exit", (code) => done({ out, code }));
  });
}
