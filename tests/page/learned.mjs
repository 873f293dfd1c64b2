// A form that nobody has described, whose captions leave questions open, from the drop to the blank that is sent out:
// node learned.mjs PROGRAM FOLDER [PICTURES]
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { browser, check, drop, files, here, run, serve } from "./clerk.mjs";

const [program, folder, pictures] = process.argv.slice(2);
fs.rmSync(folder, { recursive: true, force: true });
const sent = folder + "-gui";
fs.rmSync(sent, { recursive: true, force: true });
const expected = JSON.parse(execFileSync("python3", [path.join(here, "unknown.py"), sent], { encoding: "utf8" }));
const written = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, ".");
const server = await serve(program, folder);
const chrome = await browser();
const context = await chrome.newContext({ viewport: { width: 1366, height: 768 }, acceptDownloads: true });
context.setDefaultTimeout(120000);
const page = await context.newPage();
const errors = [];
page.on("pageerror", (e) => errors.push(String(e)));
page.on("console", (m) => m.type() === "error" && errors.push(m.text()));
const shot = async (name, full = false) => pictures && page.screenshot({ path: path.join(pictures, name + ".png"), fullPage: full });
const go = (place) => page.goto(server.origin + place);
// The figures of the total row, as the official paper has them.
const totals = async (period) => {
  await go(`/totals?period=${period}`);
  return page.locator(".paper tr.total td.num").evaluateAll((cells) => cells.map((cell) => cell.innerText.trim()));
};
const same = (shown, wanted) => JSON.stringify(shown) === JSON.stringify(wanted);

try {
  console.log("A form is learned");
  await page.goto(server.address);
  const units = ["AB:xã An Bình", "CH:xã Cẩm Hà", "DS:xã Đông Sơn", "HV:xã Hải Vân", "KL:xã Kim Long", "MP:xã Minh Phú", "TL:xã Tân Lập", "VH:phường Vĩnh Hòa"];
  fs.writeFileSync(path.join(folder, "units.csv"), "code,name,level,aliases\n" + units.map((u) => u.replace(":", ",UBND ") + ",xa,\n").join(""));
  await drop(page, files(sent), sent);
  await page.locator("table.matrix").waitFor();
  check(/Biểu mẫu\s*1/.test(await page.locator("nav[aria-label='Các bước']").innerText()), "the steps tell of one new form");
  await go("/forms");
  await shot("forms-learned");
  await page.getByRole("link", { name: "07/TSC" }).click();
  await page.getByText("Biểu mới, học từ").waitFor();
  const text = await page.locator("main").innerText();
  check(/\(1\) = \(2\) \+ \(3\)[^]*đúng ở \d+\/\d+ hàng/.test(text), "what holds among its columns is shown with its rows");
  check(/hàng tổng = tổng các hàng/.test(text) && /Có hàng tổng/.test(text), "and its total row");
  check(/Bieu moi gui lai\.xlsx[^]*chưa rõ đơn vị báo cáo/.test(text), "and the sheet that did not fit, and why");
  check(!/[\u0001]/.test(text), "files are called by their own names");
  const open = page.locator("tr.open select");
  check((await open.count()) === 3, "three columns wait for an answer");
  await shot("form-questions");

  console.log("Before it is answered");
  const [total, a, b, money] = await totals("2026-H1");
  check([total, a, b, money].every((f) => f === "–"), `nothing open is summed over periods (${[total, a, b, money]})`);
  check(await page.getByText("chưa rõ cộng thế nào qua các kỳ").isVisible(), "and the totals say why");
  check(same(await totals("2026-Q1"), expected.first.map(written)), "within a period the units add up");
  const early = await run(program, "consolidate", folder, "--period", "2026-H1", "--out", folder + "-truoc", "--quiet");
  check(early.code === 0 && !/,2,\d/.test(fs.readFileSync(path.join(folder + "-truoc", "consolidated.csv"), "utf8")), "nor does the command line sum it");

  console.log("A sheet that says neither whose nor of when it is");
  await go("/inbox?period=2026-Q2");
  const ask = page.locator(".ask", { hasText: "Bieu moi gui lai" });
  check(await ask.isVisible(), "is asked about");
  await shot("inbox-whose");
  await ask.locator("select[name=unit]").selectOption({ label: "UBND phường Vĩnh Hòa" });
  await ask.locator("select[name=period]").selectOption("2026-Q2");
  await ask.getByRole("button", { name: "Chọn", exact: true }).click();
  await page.getByText("Đã ghi lựa chọn").waitFor();
  check((await page.locator("table.matrix td.s-ok").count()) === 8, "and then all eight units have sent it");

  console.log("Answered, tried, confirmed");
  await go("/forms/one?id=07%2FTSC");
  await page.getByRole("button", { name: "Xác nhận biểu này" }).click();
  check(await page.getByText("Biểu mới, học từ").isVisible(), "without answers it is not confirmed");
  await open.nth(0).selectOption("stock");
  await open.nth(1).selectOption("stock");
  await open.nth(2).selectOption("flow");
  await page.getByRole("button", { name: "Thử trên hộp thư" }).click();
  const trial = page.locator("#trial");
  await trial.waitFor();
  check(/16\/16 sheet của 8 đơn vị/.test(await trial.innerText()), "the trial reads all sheets of all units");
  const half = [expected.stock[0], expected.stock[1], expected.stock[2], expected.flow[3]].map(written);
  const tried = await trial.locator("tbody tr td.num:nth-last-child(2)").allInnerTexts();
  check(same(tried, half), `and shows what the half year would be: ${tried}`);
  check(!fs.readdirSync(path.join(folder, "bieu")).length, "nothing is kept yet");
  check((await open.nth(0).inputValue()) === "stock", "the answers stay while they are tried");
  await shot("form-trial", true);
  await page.getByRole("button", { name: "Xác nhận biểu này" }).click();
  await page.getByText("Đã xác nhận biểu 07/TSC").waitFor();
  const [template] = fs.readdirSync(path.join(folder, "bieu"));
  check(/confirmed = true/.test(fs.readFileSync(path.join(folder, "bieu", template), "utf8")), "it is kept as a template, confirmed");
  check(/learn,.*07\/TSC/.test(fs.readFileSync(path.join(folder, "ledger.csv"), "utf8")), "the ledger says so");
  await shot("form-confirmed");

  console.log("After it was confirmed");
  await go("/inbox?period=2026-Q2");
  check((await page.locator("table.matrix td.s-ok").count()) === 8, "all eight units stay where they were");
  await shot("inbox-confirmed");
  check(same(await totals("2026-H1"), half), "figures follow the answers");
  await shot("totals-confirmed");
  const text2 = await page.locator(".paper").innerText();
  check(["Trung tâm dịch vụ", "Ban quản lý chợ", "Trạm khuyến nông", "Đội quy tắc", "Nhà văn hóa"].every((name) => text2.includes(name)), "rows are called as the offices call them");
  const late = await run(program, "consolidate", folder, "--period", "2026-H1", "--out", folder + "-sau", "--quiet");
  const csv = fs.readFileSync(path.join(folder + "-sau", "consolidated.csv"), "utf8");
  const column = (id) => csv.split("\n").find((l) => l.includes(`,total,${id},`))?.split(",").at(-3);
  check(late.code === 0 && same(["1", "2", "3", "4"].map(column).map((n) => written(Number(n))), half), "the command line says the same");
  const said = await run(program, "forms", "07/TSC", folder);
  check(said.code === 0 && /Xe chuyên dùng › Loại A[^]*tại thời điểm/.test(said.out) && /đúng ở \d+\/\d+ hàng/.test(said.out), "and shows the same grounds");

  console.log("A decision about a learned return");
  await go("/return?file=" + encodeURIComponent("UBND xã An Bình - 07TSC - Quý II.xlsx"));
  await page.locator("td[data-cell=F8]").click();
  await page.locator("#other [data-figure]").fill("5");
  await page.locator("#other button").click();
  await page.getByText("Đã ghi F8").waitFor();
  await shot("return-learned");
  const entries = await run(program, "entries", folder, "--out", path.join(folder, "entries.csv"), "--quiet");
  const line = fs.readFileSync(path.join(folder, "entries.csv"), "utf8").split("\n").find((l) => l.includes("An Bình") && l.includes("2026-Q2") && l.endsWith(",F8"));
  check(entries.code === 0 && line?.includes(",5,"), "holds on the command line too");

  await go("/findings?period=2026-Q2");
  await page.locator(".findings a", { hasText: "An Bình" }).or(page.locator(".findings a")).first().click();
  await page.getByText("Số này đúng, vì…").click();
  await page.getByLabel("Lý do").fill("Đơn vị đã xác nhận");
  await page.getByRole("button", { name: "Xác nhận là đúng" }).click();
  await page.getByText("Đã xác nhận đúng, ghi vào").waitFor();
  const checked = await run(program, "check", folder, "--quiet");
  check(/đã miễn: .*Đơn vị đã xác nhận/.test(checked.out), "and so does a waiver: " + checked.out.split("\n").find((l) => l.includes("đã miễn")));

  console.log("An answer is given otherwise");
  await go("/forms/one?id=07%2FTSC");
  await page.getByLabel("Cộng qua các kỳ: Xe chuyên dùng › Loại A").selectOption("flow");
  await page.getByRole("button", { name: "Ghi thay đổi" }).click();
  await page.getByText("Đã xác nhận biểu 07/TSC").waitFor();
  check((await totals("2026-H1"))[1] === written(expected.flow[1]), "and the totals follow");

  console.log("A blank one to send out");
  await go("/forms/one?id=07%2FTSC");
  await page.locator("form[action='/forms/blank'] select[name=unit]").selectOption({ label: "UBND xã Cẩm Hà" });
  const blank = page.waitForEvent("download");
  await page.getByRole("button", { name: /Tải mẫu trống/ }).click();
  const name = (await blank).suggestedFilename();
  check(name.endsWith(".xlsx") && fs.statSync(await (await blank).path()).size > 3000, `comes as a workbook: ${name}`);
  check(errors.length === 0, "no script or policy complained: " + errors.join(" | "));
} catch (error) {
  await page.screenshot({ path: path.join(path.dirname(folder), "failed.png") }).catch(() => {});
  console.log("  ✗ " + error.stack + "\n  at " + page.url());
  process.exitCode = 1;
} finally {
  await chrome.close();
  await server.kill();
}
