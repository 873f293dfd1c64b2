// axe on every screen, in both languages: node access.mjs PROGRAM FOLDER (a workspace that holds the samples)
import fs from "node:fs";
import path from "node:path";
import { execFileSync } from "node:child_process";
import { browser, check, here, run, serve } from "./clerk.mjs";

const [program, folder] = process.argv.slice(2);
const axe = fs.readFileSync(path.join(here, "node_modules/axe-core/axe.min.js"), "utf8");
const server = await serve(program, folder);
const chrome = await browser();
// The checker is a script of ours in this one test; the page itself allows none.
const context = await chrome.newContext({ viewport: { width: 1366, height: 768 }, bypassCSP: true });
context.setDefaultTimeout(120000);
const page = await context.newPage();
async function accessible(lang, place) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  const serious = violations.filter((v) => ["serious", "critical"].includes(v.impact));
  const words = serious.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160) + " " + (n.any[0]?.message ?? "")).join(" || ")}`).join("\n    ");
  check(serious.length === 0, `${lang} ${place} ${words}`);
}
let second = null;
try {
  await page.goto(server.address);
  await page.goto(`${server.origin}/outputs?period=2023-Q3`);
  await page.getByRole("button", { name: "Viết bảng tổng hợp và báo cáo" }).click();
  await page.getByText(/Đã ghi \d+ tệp/).waitFor();
  for (const lang of ["vi", "en"]) {
    await page.goto(`${server.origin}/findings?period=2023-Q3&lang=${lang}`);
    const finding = await page.locator(".findings a").first().getAttribute("href");
    await page.goto(`${server.origin}/inbox`);
    const compared = await page.getByRole("link", { name: lang === "vi" ? "Xem chỗ khác nhau" : "See what differs" }).first().getAttribute("href");
    await page.goto(`${server.origin}/totals?form=II.06a%2FVPCP%2FKSTT`);
    const figure = await page.locator(".paper td a").first().getAttribute("href");
    const places = [compared, figure, "/start", "/inbox", "/findings", finding, "/send", "/totals", "/totals?form=II.06a%2FVPCP%2FKSTT", "/report", "/forms", "/forms/one?id=CCHC%2FBM1", "/outputs", "/ledger"];
    for (const place of places) {
      await page.goto(server.origin + place);
      await accessible(lang, place);
    }
    check((await page.locator("html").getAttribute("lang")) === lang, `the page says that it speaks ${lang}`);
  }
  console.log("A learned form and its questions; a broken template");
  const unknown = folder + "-bieu";
  fs.rmSync(unknown, { recursive: true, force: true });
  await run(program, "init", unknown);
  execFileSync("python3", [path.join(here, "unknown.py"), path.join(unknown, "inbox")]);
  second = await serve(program, unknown);
  await page.goto(second.address);
  for (const lang of ["vi", "en"]) {
    for (const place of [`/forms?lang=${lang}`, "/inbox", "/totals?period=2026-H1", "/forms/one?id=07%2FTSC"]) {
      await page.goto(second.origin + place);
      await accessible(lang, place);
    }
    for (const select of await page.locator("tr.open select").all()) await select.selectOption("flow");
    await page.locator("button[formaction]").click();
    await page.locator("#trial").waitFor();
    await accessible(lang, "the trial");
  }
  fs.writeFileSync(path.join(unknown, "bieu/hong.toml"), "id = 3");
  await page.getByText("hong.toml").waitFor();
  await accessible("en", "a broken template");
  console.log("Narrow, as at 200 %");
  await page.setViewportSize({ width: 683, height: 384 });
  for (const place of ["/start", "/inbox", "/findings", "/send", "/totals", "/report", "/forms", "/forms/one?id=CCHC%2FBM1", "/outputs", "/ledger"]) {
    await page.goto(server.origin + place);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    check(wide <= 1, `${place} is not wider than the window (${wide})`);
  }
} catch (error) {
  console.log("  ✗ " + error.stack);
  process.exitCode = 1;
} finally {
  await chrome.close();
  await server.kill();
  await second?.kill();
}
