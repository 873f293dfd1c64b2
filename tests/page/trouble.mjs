// A full disk, a workspace that may only be read, a browser that is closed in the middle: node trouble.mjs PROGRAM FOLDER
// The drives are the server's own (a mount namespace), so that nothing of the machine is touched.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { browser, check, drop, files, home, run, serve } from "./clerk.mjs";

const [program, folder] = process.argv.slice(2);
const inbox = path.join(home, "samples/binh-an");
const RETURN = "/return?file=" + encodeURIComponent("Quý II 2026/BC 09 quy 2 2026 xã Long Sơn.xlsx");

// A workspace with the samples on a drive of its own, and the page over it.
async function onDrive(name, options, after = "true") {
  const at = path.join(folder, name);
  fs.mkdirSync(at, { recursive: true });
  const script = `mount -t tmpfs -o ${options} tmpfs "${at}" && "${program}" init "${at}" > /dev/null && cp -r "${inbox}/." "${at}/inbox/" && ${after} && exec "${program}" serve "${at}" --no-open`;
  const server = await serve("unshare", null, "-rm", "sh", "-c", script);
  return { ...server, root: `/proc/${server.child.pid}/root${at}` };
}
// A reason of some length: a short row may still fit into a block that the list has already.
async function write(page, server, figure) {
  await page.goto(server.origin + RETURN);
  await page.locator("td[data-cell=J13]").click();
  await page.locator("#other [data-figure]").fill(figure);
  await page.locator("#other input[name=why]").fill("theo sổ gốc ".repeat(600));
  await page.locator("#other button").click();
}

fs.rmSync(folder, { recursive: true, force: true });
if (spawnSync("unshare", ["-rm", "true"]).status !== 0) {
  console.log("no namespaces of one's own here: not run");
  process.exit(0);
}
const chrome = await browser();
const servers = [];
try {
  const context = await chrome.newContext();
  context.setDefaultTimeout(120000);
  const page = await context.newPage();

  console.log("A full disk");
  const full = await onDrive("day", "size=4m");
  servers.push(full);
  await page.goto(full.address);
  await page.goto(full.origin + RETURN);
  await page.getByRole("button", { name: "Ghi 10" }).click();
  await page.getByText("Đã ghi J13").waitFor();
  const ledger = fs.readFileSync(path.join(full.root, "ledger.csv"), "utf8");
  // The last bytes of the drive.
  const filler = path.join(full.root, "rac");
  const fill = () => {
    for (const size of [65536, 4096, 1]) {
      try { for (;;) fs.appendFileSync(filler, Buffer.alloc(size)); } catch { /* full */ }
    }
  };
  fill();
  await write(page, full, "11");
  await page.getByText("ổ đĩa đã đầy").waitFor();
  check(await page.getByText("xoá bớt tệp rồi làm lại").isVisible(), "a correction that finds no room says so, and what to do");
  check(fs.readFileSync(path.join(full.root, "ledger.csv"), "utf8") === ledger, "the ledger holds what it held, and no half row");
  await page.goto(full.origin + RETURN);
  check(await page.locator("td[data-cell=J13]", { hasText: "10" }).isVisible(), "what was written before still counts");
  await drop(page, [path.join(home, "samples/quang-minh/units.csv")], path.join(home, "samples/quang-minh"));
  await page.getByText(/ổ đĩa đã đầy/).waitFor();
  check(files(path.join(full.root, "inbox")).every((f) => !path.basename(f).startsWith(".nhan")), "a file that finds no room is named, and nothing half is left");
  await page.goto(full.origin + "/outputs?period=2026-Q2");
  await page.getByRole("button", { name: "Viết bảng tổng hợp và báo cáo" }).click();
  await page.locator(".notice.bad").waitFor();
  check(/đầy|chỗ trống/.test(await page.locator(".notice.bad").innerText()), "outputs that find no room say so: " + (await page.locator(".notice.bad").innerText()));
  const half = fs.existsSync(path.join(full.root, "ket-qua/2026-Q2")) ? files(path.join(full.root, "ket-qua/2026-Q2")) : [];
  check(half.every((f) => !f.endsWith("tong-hop.xlsx")), "and no half workbook lies there");
  await page.goto(full.origin + "/forms/one?id=09%2FQGQVL");
  await page.getByRole("button", { name: "Xác nhận biểu này" }).click();
  await page.getByText(/ổ đĩa đã đầy/).waitFor();
  check(fs.readdirSync(path.join(full.root, "bieu")).length === 0, "a form is confirmed wholly or not at all");
  fs.rmSync(filler);
  await write(page, full, "11");
  await page.getByText("Đã ghi J13").waitFor();
  check(/correct,.*J13,37,11,theo sổ gốc/.test(fs.readFileSync(path.join(full.root, "ledger.csv"), "utf8")), "once there is room, the same click works");

  console.log("A workspace that may only be read");
  const only = await onDrive("doc", "size=8m", `mount -o remount,ro tmpfs "${path.join(folder, "doc")}"`);
  servers.push(only);
  await page.goto(only.address);
  await page.goto(only.origin + "/inbox?period=2026-Q2");
  check((await page.locator("table.matrix tbody th[scope=row]").count()) === 8, "everything can be looked at");
  await write(page, only, "11");
  await page.getByText("ổ đĩa chỉ cho đọc").waitFor();
  check(await page.getByText("chép thư mục làm việc sang ổ khác").isVisible(), "a correction says that it may only be read, and what to do");
  await drop(page, [path.join(home, "samples/quang-minh/units.csv")], path.join(home, "samples/quang-minh"));
  await page.getByText(/ổ đĩa chỉ cho đọc/).waitFor();
  check(true, "so does a file that is dropped");
  await page.goto(only.origin + "/outputs?period=2026-Q2");
  await page.getByRole("button", { name: "Viết bảng tổng hợp và báo cáo" }).click();
  await page.locator(".notice.bad").waitFor();
  check(/chỉ cho đọc|không có quyền ghi/.test(await page.locator(".notice.bad").innerText()), "and the outputs");
  await page.goto(only.origin + "/forms/one?id=09%2FQGQVL");
  await page.getByRole("button", { name: "Thử trên hộp thư" }).click();
  await page.locator("#trial").waitFor();
  check(true, "a learned form can be tried all the same");

  console.log("A template that is broken");
  const work = path.join(folder, "viec");
  await run(program, "init", work);
  fs.cpSync(inbox, path.join(work, "inbox"), { recursive: true });
  fs.writeFileSync(path.join(work, "bieu/hong.toml"), 'id = "01/HONG"\ncode = 3\n');
  const broken = await serve(program, work);
  servers.push(broken);
  await page.goto(broken.address);
  await page.goto(broken.origin + "/inbox");
  const words = await page.locator("main").innerText();
  check(/hong\.toml/.test(words) && /dòng 2|:2/.test(words), "is named with its line");
  check(/bieu\//.test(words) && /(sửa|bỏ)/i.test(words), "and it is said what to do");
  fs.renameSync(path.join(work, "bieu/hong.toml"), path.join(work, "bieu/hong.toml.bo"));
  await page.locator("table.matrix").waitFor();
  check(true, "the page goes on by itself when it is set aside");

  console.log("A second server on the same folder");
  const second = await run(program, "serve", work, "--no-open");
  check(/đang mở ở http/.test(second.out) && second.code === 0, "finds the page that is open");

  console.log("A browser that is closed in the middle");
  const { port } = new URL(broken.origin);
  const cookie = (await context.cookies(broken.origin)).map((c) => `${c.name}=${c.value}`).join("; ");
  const before = files(path.join(work, "inbox")).length;
  await new Promise((done) => {
    const socket = net.connect(port, "127.0.0.1");
    socket.write(`POST /files HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nCookie: ${cookie}\r\nOrigin: ${broken.origin}\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 900000\r\n\r\n--x\r\nContent-Disposition: form-data; name="file"; filename="nua.xlsx"\r\n\r\n`);
    socket.write(Buffer.alloc(300000, "a"), () => setTimeout(() => { socket.destroy(); done(); }, 500));
  });
  const gone = async () => files(path.join(work, "inbox")).length === before;
  for (let n = 0; n < 40 && !(await gone()); n += 1) await new Promise((wait) => setTimeout(wait, 250));
  check(await gone(), "half a file is not kept");
  const other = await context.newPage();
  await other.goto(broken.origin + "/outputs?period=2026-Q2");
  await other.getByRole("button", { name: "Viết bảng tổng hợp và báo cáo" }).click({ noWaitAfter: true });
  await other.close();
  const written = () => fs.existsSync(path.join(work, "ket-qua/2026-Q2/tong-hop.xlsx"));
  for (let n = 0; n < 120 && !written(); n += 1) await new Promise((wait) => setTimeout(wait, 250));
  check(written(), "what was begun is ended");
  await page.goto(broken.origin + "/outputs?period=2026-Q2");
  check(await page.getByRole("link", { name: /Tải về tong-hop.xlsx/ }).isVisible(), "and stands there for the next who looks");
} catch (error) {
  for (const c of chrome.contexts()) for (const p of c.pages()) { console.log(p.url(), (await p.locator("main").innerText().catch(() => "")).slice(0, 300)); }
  console.log("  ✗ " + error.stack);
  process.exitCode = 1;
} finally {
  await chrome.close();
  for (const server of servers) await server.kill();
}
