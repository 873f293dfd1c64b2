// A clerk's whole afternoon in the browser: node afternoon.mjs PROGRAM FOLDER [PICTURES]
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { browser, check, drop, files, here, run, samples, serve } from "./clerk.mjs";

const [program, folder, pictures] = process.argv.slice(2);
const PERIOD = "2023-Q3";
fs.rmSync(folder, { recursive: true, force: true });
let page_;
let server = await serve(program, folder);
const chrome = await browser();
const context = await chrome.newContext({ viewport: { width: 1366, height: 768 }, acceptDownloads: true });
// The machine may be busy with other tests.
context.setDefaultTimeout(120000);
const page = (page_ = await context.newPage());
const errors = [];
page.on("pageerror", (e) => errors.push(String(e)));
// A server that is killed resets what the browser waits for, and refuses what it asks next.
page.on("console", (m) => m.type() === "error" && !/CONNECTION_(REFUSED|RESET)/.test(m.text()) && errors.push(m.text()));
const shot = async (name) => pictures && page.screenshot({ path: path.join(pictures, name + ".png") });
const go = (place) => page.goto(server.origin + place);

try {
  console.log("Start");
  await page.goto(server.address);
  check(page.url() === server.origin + "/start", "the token is exchanged and gone from the address");
  check(await page.getByText("Thả tệp các đơn vị gửi vào đây").isVisible(), "an empty workspace asks for files");
  await page.getByLabel("Tỉnh, thành phố").fill("UBND tỉnh Quảng Minh");
  await page.getByLabel("Cơ quan", { exact: true }).fill("Văn phòng UBND tỉnh");
  await page.getByRole("button", { name: "Lưu" }).click();
  await page.getByText("Đã lưu vào tonghop.toml").waitFor();
  fs.copyFileSync(path.join(samples, "units.csv"), path.join(folder, "units.csv"));
  await shot("start");

  console.log("Inbox");
  const all = files(samples).filter((f) => !f.endsWith("units.csv"));
  await drop(page, all, samples);
  await page.locator("table.matrix").waitFor();
  console.log(`  drop of ${all.length} files to first findings: ${Math.round(await page.evaluate(() => window.lastUpload))} ms`);
  check(await page.getByText(/Đã nhận 9\d tệp/).isVisible(), "every file is taken in");
  await go(`/inbox?period=${PERIOD}`);
  check((await page.locator("table.matrix td.s-error").count()) >= 5, "wrong forms are seen in the grid");
  check((await page.locator("table.matrix td.s-late").count()) >= 9, "what is late is seen");
  await shot("inbox");
  const ask = page.locator(".ask").first();
  check(await ask.isVisible(), "two versions are asked about");
  await ask.getByRole("link", { name: "Xem chỗ khác nhau" }).click();
  check((await page.locator("table.list tbody tr").count()) === 4, "the four cells that differ stand side by side");
  await shot("compare");
  await page.goBack();
  await page.locator(".ask button").first().click();
  await page.getByText("Đã ghi lựa chọn").waitFor();
  check((await page.locator(".ask").count()) === 0, "an answered question is not asked again");

  console.log("Correct");
  await go("/findings");
  await shot("findings");
  const before = await page.locator(".findings li").count();
  await page.locator(".findings a", { hasText: "8.823" }).click();
  check(await page.locator("td.guilty", { hasText: "8.823" }).isVisible(), "the guilty cell is marked on the sheet");
  check(await page.getByRole("button", { name: "Ghi 823" }).isVisible(), "the correction is one button");
  await shot("return");
  const place = page.url();
  await page.keyboard.press("Enter");
  await page.getByText("Đã ghi I17: 8.823 → 823").waitFor();
  console.log(`  one correction, re-checked and shown: ${Math.round(await page.evaluate(() => window.lastSwap))} ms`);
  await page.getByRole("button", { name: "Hoàn tác" }).click();
  await page.getByText("Đã hoàn tác I17").waitFor();
  await page.getByRole("button", { name: "Ghi 823" }).click();
  await page.getByText("Đã ghi I17").waitFor();
  await go("/findings");
  check((await page.locator(".findings li").count()) < before, "the finding is gone after it was corrected");

  await page.locator(".findings a", { hasText: "đang rà soát" }).click();
  await page.locator("#other summary").click();
  await page.locator("#other [data-figure]").fill("12");
  await page.locator("#other input[name=why]").fill("Sở báo qua điện thoại");
  await page.locator("#other button").click();
  await page.getByText(/Đã ghi D7: .* → 12/).waitFor();
  check(true, "a figure can be typed, with the reason");

  console.log("Two windows on one cell");
  const [one, two] = [await context.newPage(), await context.newPage()];
  const sheet = new URL(place).searchParams;
  const at = `/return?file=${encodeURIComponent(sheet.get("file"))}&sheet=${encodeURIComponent(sheet.get("sheet"))}`;
  const type = async (window, figure) => {
    await window.locator("td[data-cell=C12]").click();
    await window.locator("#other [data-figure]").fill(figure);
    await window.locator("#other button").click();
  };
  await one.goto(server.origin + at);
  await two.goto(server.origin + at);
  // The second one does not hear of the first: it shows what it showed.
  await two.evaluate(() => { document.body.dataset.revision = "999999999"; });
  await type(one, "422");
  await one.getByText("Đã ghi C12").waitFor();
  await type(two, "423");
  await two.getByText(/vừa được .* ghi/).waitFor();
  check(true, "the second window is told, and writes over nothing");
  await one.close();
  await two.close();
  await go("/ledger");
  await page.locator("tr", { hasText: "C12" }).getByRole("button", { name: "Hoàn tác" }).first().click();
  await page.getByText("Đã hoàn tác C12").waitFor();

  console.log("Confirm as right");
  await go("/findings?severity=warning");
  await page.locator(".findings a").first().click();
  await page.getByText("Số này đúng, vì…").click();
  await page.getByLabel("Lý do").fill("Đơn vị đã xác nhận qua điện thoại");
  await page.getByRole("button", { name: "Xác nhận là đúng" }).click();
  await page.getByText("Đã xác nhận đúng, ghi vào waivers.csv").waitFor();
  check(fs.readFileSync(path.join(folder, "waivers.csv"), "utf8").includes("qua điện thoại"), "the reason stands in waivers.csv");

  console.log("Killed in the middle, and started again");
  await server.kill();
  server = await serve(program, folder);
  await page.goto(server.address);
  await go(`/inbox?period=${PERIOD}`);
  check((await page.locator(".ask").count()) === 0, "the answer is still known");
  await go("/ledger");
  check(await page.locator("tr", { hasText: "823" }).first().isVisible(), "the correction is still known");

  console.log("Send back");
  await go("/send");
  await page.getByRole("button", { name: "Viết bản đánh dấu và công văn" }).click();
  await page.getByText(/Đã viết \d+ tệp cho \d+ đơn vị/).waitFor();
  const zip = page.waitForEvent("download");
  await page.getByRole("link", { name: "Tải tất cả (.zip)" }).click();
  check(fs.statSync(await (await zip).path()).size > 10000, "all copies come in one .zip");
  await page.locator("tr", { hasText: "Sở Tài chính" }).getByRole("button", { name: "Ghi là đã gửi" }).click();
  await page.locator("tr", { hasText: "Sở Tài chính" }).getByText("đã gửi, chờ trả lời").waitFor();
  check(true, "what was sent is remembered");
  await shot("send");

  console.log("A copy comes back");
  const copies = files(path.join(folder, "ket-qua", PERIOD, "tra-lai", "STC")).filter((f) => f.endsWith(".xlsx"));
  check(copies.length > 0, "the unit's copy lies in its folder");
  const answered = answer(copies[0], path.join(path.dirname(folder), "back"));
  await drop(page, [answered], path.dirname(answered));
  await page.getByText(/1 bản gửi trả đã về, có 1 câu trả lời/).waitFor();
  check(/confirmed,.*Đã đối chiếu, số đúng/.test(fs.readFileSync(path.join(folder, "sent.csv"), "utf8")), "the unit's answer is read back");
  await go("/send");
  check(await page.locator("tr", { hasText: "Sở Tài chính" }).getByText("Đã đối chiếu").isVisible(), "and stands beside the unit");

  console.log("Totals");
  await go("/totals?form=II.06a%2FVPCP%2FKSTT");
  check(await page.locator(".paper tr.total").isVisible(), "the total row stands on the official paper");
  await shot("totals");
  await page.locator(".paper tr.total td.num a").nth(6).click();
  await page.waitForURL(/totals\/figure/);
  check((await page.locator("table.list tbody tr").count()) >= 10, "a figure goes down to its units");
  const cell = page.locator("tr", { hasText: "An Lộc" }).locator("a").first();
  check((await cell.textContent()).trim() === "I17", "and to the cell");
  await shot("figure");

  console.log("Outputs and report");
  await go("/outputs");
  await page.getByRole("button", { name: "Viết bảng tổng hợp và báo cáo" }).click();
  await page.getByText(/Đã ghi \d+ tệp/).waitFor();
  await shot("outputs");
  const book = page.waitForEvent("download");
  await page.getByRole("link", { name: /Tải về tong-hop.xlsx/ }).click();
  const figure = (...place) => execFileSync("python3", [path.join(here, "figure.py"), ...place], { encoding: "utf8" }).trim();
  const downloaded = path.join(path.dirname(folder), "tong-hop.xlsx");
  await (await book).saveAs(downloaded);
  check(figure(downloaded, "BM3 theo đơn vị", "1.2", "Sở Văn hóa, Thể thao và Du lịch") === "12", "the downloaded workbook holds the corrected figure");
  const results = path.join(folder, "ket-qua", PERIOD);
  const entries = await run(program, "entries", folder, "--out", path.join(folder, "entries.csv"), "--quiet");
  check(entries.code === 0, "the command line takes the workspace");
  const line = fs.readFileSync(path.join(folder, "entries.csv"), "utf8").split("\n").find((l) => l.includes("An Loc") && l.includes(PERIOD) && l.endsWith(",I17"));
  check(line && line.includes(",823,"), "and says the corrected figure too");
  const ledger = fs.readFileSync(path.join(folder, "ledger.csv"), "utf8");
  check(/correct,.*D7,đang rà soát,12,Sở báo qua điện thoại/.test(ledger), "the ledger has the reason");
  check(/correct,.*I17,8823,823,/.test(ledger), "the ledger has the figure, the old one and the reason");
  check(fs.existsSync(path.join(results, "tong-hop.xlsx")), "the workbook lies in ket-qua");
  const checked = await run(program, "check", folder, "--quiet");
  check(!checked.out.includes("8.823"), "check finds nothing wrong in the corrected cell");

  await go("/report");
  check((await page.locator(".document p").count()) > 5, "the report can be read on the page");
  await shot("report");
  const edited = edit(path.join(results, fs.readdirSync(results).find((n) => n.endsWith(".docx"))), folder);
  await page.locator("form[action='/report/check'] input[type=file]").setInputFiles(edited);
  await page.locator("#checked .big").waitFor();
  check(/\d+\/\d+ số khớp/.test(await page.locator("#checked .big").textContent()), "an edited report is held against the figures");
  check((await page.locator("#checked li").count()) >= 1, "and what differs is named");
  await shot("report-checked");

  console.log("Forms");
  await go("/forms");
  await shot("forms");
  await page.getByRole("link", { name: "II.06a/VPCP/KSTT" }).first().click();
  await shot("form");
  const blank = page.waitForEvent("download");
  await page.getByRole("button", { name: /Tải mẫu trống/ }).click();
  check((await blank).suggestedFilename().endsWith(".xlsx"), "a blank form comes as a workbook");
  await go("/ledger");
  await shot("ledger");

  console.log("A form that nobody has described");
  const unknown = folder + "-bieu-moi";
  fs.rmSync(unknown, { recursive: true, force: true });
  await run(program, "init", unknown);
  fs.cpSync(path.join(path.dirname(samples), "binh-an"), path.join(unknown, "inbox"), { recursive: true });
  const second = await serve(program, unknown);
  try {
    await page.goto(second.address);
    await page.goto(second.origin + "/forms");
    const learned = page.locator("section", { hasText: "Biểu mới, học từ hộp thư" }).locator("tbody a").first();
    check(await learned.isVisible(), "it is learned from the inbox");
    await shot("forms-learned");
    await learned.click();
    await page.getByText("Biểu mới, học từ").waitFor();
    const open = page.locator("tr.open select");
    console.log(`  ${await open.count()} questions are open`);
    await shot("form-learned");
    for (const select of await open.all()) await select.selectOption({ index: 1 });
    await page.getByRole("button", { name: "Xác nhận biểu này" }).click();
    await page.getByText(/Đã xác nhận biểu/).waitFor();
    const [template] = fs.readdirSync(path.join(unknown, "bieu"));
    check(/confirmed = true/.test(fs.readFileSync(path.join(unknown, "bieu", template), "utf8")), "and kept as a template, confirmed");
    await page.goto(second.origin + "/totals");
    check((await page.locator(".paper td.num").count()) > 5, "its totals are there");
    await shot("totals-learned");
  } finally {
    await second.kill();
  }
  check(errors.length === 0, "no script or policy complained: " + errors.join(" | "));
} catch (error) {
  await page_.screenshot({ path: path.join(path.dirname(folder), "failed.png") }).catch(() => {});
  console.log("  ✗ " + error.stack + "\n  at " + page_.url());
  process.exitCode = 1;
} finally {
  await chrome.close();
  await server.kill();
}

// A returned copy with an answer in the last column of its list, as its unit would write it.
function answer(copy, into) {
  const python = `
import re, sys, zipfile
source, target = sys.argv[1:]
done = False
with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
    for item in old.infolist():
        data = old.read(item.filename)
        if item.filename.startswith("xl/worksheets/sheet") and not done:
            text = data.decode()
            if "tonghop:tra-lai" in text:
                text, count = re.subn(r'(<c r="H\\d+" s="\\d+" t="inlineStr"><is><t xml:space="preserve">)(</t>)', r'\\1Đã đối chiếu, số đúng\\2', text, count=1)
                assert count == 1, "no column for the answer"
                data, done = text.encode(), True
        new.writestr(item.filename, data)
assert done
`;
  fs.mkdirSync(into, { recursive: true });
  const target = path.join(into, path.basename(copy));
  execFileSync("python3", ["-c", python, copy, target]);
  return target;
}

// The report with one of its bound numbers changed, as somebody might in Word.
function edit(report, into) {
  const python = `
import re, sys, zipfile
source, target = sys.argv[1:]
with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
    for item in old.infolist():
        data = old.read(item.filename)
        if item.filename == "word/document.xml":
            text = data.decode()
            at = re.search(r'(<w:tag w:val="so\\|[^>]*>.*?<w:t[^>]*>)([0-9.]+)(</w:t>)', text, re.S)
            text = text[:at.start(2)] + "77" + text[at.start(2):]
            data = text.encode()
        new.writestr(item.filename, data)
`;
  const target = path.join(path.dirname(into), "bao-cao sua loi van.docx");
  execFileSync("python3", ["-c", python, report, target]);
  return target;
}
