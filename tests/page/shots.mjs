// Pictures of every screen at 1366 × 768: node shots.mjs ADDRESS FOLDER [PERIOD]
import { chromium } from "playwright-core";
import { flags } from "./browser.mjs";

const [address, folder, period = "2023-Q3", lang = "vi"] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: flags });
const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
const errors = [];
page.on("console", (m) => m.type() === "error" && errors.push(m.text()));
page.on("pageerror", (e) => errors.push(String(e)));
await page.goto(address);
const base = new URL(address).origin;
const shot = async (name, place) => {
  const began = Date.now();
  await page.goto(base + place, { waitUntil: "load" });
  console.log(name, Date.now() - began, "ms");
  await page.screenshot({ path: `${folder}/${name}.png` });
};
await page.goto(`${base}/inbox?period=${period}&lang=${lang}`);
await shot("start", "/start");
await shot("inbox", "/inbox");
await shot("findings", "/findings");
const first = await page.locator(".findings a").first().getAttribute("href").catch(() => null);
if (first) await shot("return", first);
await shot("send", "/send");
await shot("totals", "/totals");
await shot("totals-06a", "/totals?form=II.06a%2FVPCP%2FKSTT&against=before");
const figure = await page.locator(".paper td a").first().getAttribute("href").catch(() => null);
if (figure) await shot("figure", figure);
await shot("report", "/report");
await shot("forms", "/forms");
await shot("form", "/forms/one?id=II.06a%2FVPCP%2FKSTT");
await shot("outputs", "/outputs");
await shot("ledger", "/ledger");
console.log(errors.join("\n"));
await browser.close();
