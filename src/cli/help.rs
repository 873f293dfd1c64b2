//! `--help` in Vietnamese, which is the default; English, as args.rs has it, with `--lang en`.

use clap::{Arg, ArgAction, Command, CommandFactory};

use super::args::Cli;
use crate::model::Lang;

/// The command line with its help in a language.
pub fn command(lang: Lang) -> Command {
    match lang {
        Lang::En => Cli::command(),
        Lang::Vi => in_vietnamese(Cli::command().disable_help_subcommand(true), ""),
    }
}

/// The language that the arguments ask for: it must be known before they are understood.
pub fn asked(arguments: &[std::ffi::OsString]) -> Lang {
    let english = |pair: &[std::ffi::OsString]| pair[0] == "--lang" && pair[1] == "en";
    let joined = arguments.iter().any(|a| a == "--lang=en");
    if joined || arguments.windows(2).any(english) { Lang::En } else { Lang::Vi }
}

/// What the commands are called in the table below, below one another with a blank between.
fn in_vietnamese(command: Command, path: &str) -> Command {
    let about = COMMANDS.iter().find(|(name, _)| *name == path).map(|(_, about)| *about);
    let names: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    let arguments: Vec<String> = command.get_arguments().map(|a| a.get_id().to_string()).collect();
    let mut command = command
        .disable_help_flag(true)
        .disable_version_flag(true)
        .subcommand_help_heading("Lệnh")
        .subcommand_value_name("LỆNH")
        .help_template("{about}\n\nCách dùng: {usage}\n\n{all-args}{after-help}");
    if let Some(about) = about {
        command = command.about(about).long_about(None);
    }
    for id in arguments {
        command = command.mut_arg(&id, |arg| argument(arg, path, &id));
    }
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help);
    command = command.arg(help.help("In hướng dẫn này").help_heading("Tùy chọn"));
    if path.is_empty() {
        let version = Arg::new("version").short('V').long("version").action(ArgAction::Version);
        command = command.arg(version.help("In số phiên bản").help_heading("Tùy chọn"));
    }
    for name in names {
        let path = if path.is_empty() { name.clone() } else { format!("{path} {name}") };
        command = command.mut_subcommand(&name, |sub| in_vietnamese(sub.disable_help_subcommand(true), &path));
    }
    command
}

fn argument(arg: Arg, path: &str, id: &str) -> Arg {
    let arg =
        if arg.get_action().takes_values() { arg.hide_default_value(true).hide_possible_values(true) } else { arg };
    let heading = if arg.is_positional() { "Tham số" } else { "Tùy chọn" };
    let own = ARGUMENTS.iter().find(|(command, name, _)| *command == path && *name == id);
    let words = own.or_else(|| ARGUMENTS.iter().find(|(command, name, _)| *command == "*" && *name == id));
    match words {
        Some((_, _, words)) => arg.help(*words).long_help(None).help_heading(heading),
        None => arg.help_heading(heading),
    }
}

/// Commands, and what each does.
const COMMANDS: &[(&str, &str)] = &[
    ("", "Đọc các biểu phụ lục do sở, ngành, địa phương gửi, chỉ ra ô sai và tổng hợp toàn tỉnh."),
    ("check", "Chỉ ra chỗ sai: sai gì, ở ô nào, đáng lẽ phải là bao nhiêu"),
    ("consolidate", "Làm trọn việc: kiểm tra, tổng hợp, ghi các tệp của tỉnh vào một thư mục"),
    ("return", "Ghi bản đánh dấu những chỗ mỗi đơn vị phải sửa, kèm thư, vào một thư mục"),
    ("entries", "Ghi mọi số liệu đã đọc, kèm ô, ra tệp .csv, .json, .parquet hoặc thư mục dữ liệu"),
    ("status", "Cho biết đơn vị nào đã gửi biểu nào"),
    (
        "forms",
        "Liệt kê các biểu đã biết, hoặc xem bảng, quy tắc của một biểu và những ô không quy tắc nào phân biệt được",
    ),
    ("forms draft", "Phác mẫu cho một biểu chưa có mẫu, từ tệp trống hoặc đã điền"),
    ("forms blank", "Ghi biểu trống để phát cho một hoặc mọi đơn vị: khóa sẵn, có kiểm tra và công thức tổng"),
    ("forms learn", "Học mẫu biểu từ cả một thư mục, kèm căn cứ của từng điều suy ra"),
    ("explain", "Giải thích một quy tắc, một loại quy tắc, một ô của tệp, hoặc các giới hạn đọc tệp (gioi-han)"),
    ("sql", "In câu SQL trên thư mục dữ liệu: tổng hợp hoặc quy tắc một biểu, bản nào được tính"),
    ("completions", "In tập lệnh gợi ý cho một shell"),
    ("init", "Lập thư mục làm việc, đề xuất danh sách đơn vị từ các tệp đã nhận"),
    ("serve", "Mở trang làm việc trên máy này"),
    ("worker", "Đọc tệp cho một lần chạy khác của chương trình này"),
];

const PERIOD: &str = "Kỳ báo cáo: 2023-Q3, quý III/2023, 6T2023, 9T2023, 2023-08, tháng 8/2023 hoặc 2023";
const DAY: &str = "Trình bày đơn vị theo tổ chức của một ngày (2025-07-01), mỗi đơn vị cũ dưới đơn vị tiếp nhận; tổng toàn tỉnh không đổi";

/// Command, argument and what it is for; `*` stands for any command.
const ARGUMENTS: &[(&str, &str, &str)] = &[
    ("*", "paths", "Tệp bảng tính, thư mục (tìm cả bên trong) hoặc tệp nén .zip; `-`: tệp từ đầu vào chuẩn"),
    ("*", "templates", "Thư mục mẫu biểu thêm vào các mẫu có sẵn"),
    ("*", "no_templates", "Không dùng các mẫu có sẵn"),
    ("*", "lang", "Ngôn ngữ của kết quả: vi (mặc định) hoặc en"),
    ("*", "units", "Danh sách đơn vị [mặc định: units.csv trong một PATH hoặc thư mục bên trên]"),
    (
        "*",
        "waivers",
        "Những chỗ đã có người xác nhận: rule,unit,period,reason,by,until [mặc định: waivers.csv trong một PATH hoặc thư mục bên trên]",
    ),
    ("*", "quiet", "Không hiện tiến độ"),
    ("*", "jobs", "Số tệp đọc cùng lúc, mỗi tệp một tiến trình [mặc định: mỗi nhân một tệp]"),
    ("*", "cache", "Giữ kết quả đọc trong DIR để lần sau chỉ đọc tệp đã đổi"),
    ("*", "period", PERIOD),
    ("*", "boundaries", DAY),
    ("*", "format", "Cách in: text (mặc định) hoặc json"),
    ("*", "out", "Thư mục ghi kết quả"),
    ("check", "against", "Đối chiếu báo cáo (.docx) với số liệu trong thư mục do `consolidate` ghi"),
    (
        "check",
        "fix",
        "Ghi bản sửa của tệp .xlsx, .xlsm vào DIR, chỉ sửa chỗ chắc chắn, kèm sổ sửa so-sua.csv; tệp gốc không bị động đến",
    ),
    (
        "check",
        "replay",
        "Làm lại các chỗ sửa trong sổ LEDGER trên tệp gốc thay cho kiểm tra; từ chối nếu ô đã đổi từ đó",
    ),
    ("consolidate", "report", "Mẫu báo cáo riêng thay mẫu có sẵn; có thể nêu nhiều lần, mẫu chính trước"),
    ("return", "out", "Thư mục ghi kết quả: DIR/tra-lai có một thư mục cho mỗi đơn vị"),
    (
        "entries",
        "out",
        "Tệp cần ghi, đuôi tệp cho biết dạng; không có đuôi: thư mục dữ liệu (Parquet theo biểu, kỳ và tỉnh), số liệu được ghi thêm vào; `-`: in dạng CSV",
    ),
    ("entries", "province", "Tỉnh của các số liệu, trong thư mục dữ liệu của nhiều tỉnh [mặc định: như units.csv ghi]"),
    ("entries", "compact", "Gộp các tệp nhỏ của thư mục dữ liệu PATH"),
    ("sql", "form", "Mã biểu, như II.06a/VPCP/KSTT"),
    ("sql", "checks", "Quy tắc của biểu: câu SQL liệt kê những hàng không thỏa"),
    ("sql", "view", "Khung nhìn `entries` mà các câu SQL kia đọc: bản gửi nhiều lần thì tính bản mới nhất"),
    ("status", "today", "Ngày tính quá hạn [mặc định: hôm nay]"),
    ("status", "due", "Hạn gửi do tỉnh đặt [mặc định: ngày tỉnh phải gửi mỗi biểu lên cấp trên]"),
    ("status", "reminders", "Ghi thư nhắc (.txt) cho mỗi đơn vị còn thiếu biểu hoặc còn lỗi vào thư mục này"),
    ("forms", "id", "Mã biểu, như II.06a/VPCP/KSTT"),
    ("forms", "paths", "Thư mục mà biểu được học từ đó: biểu là gì, căn cứ vào đâu, còn hỏi gì"),
    ("forms draft", "file", "Tệp bảng tính"),
    ("forms draft", "sheet", "Chỉ sheet mang tên này"),
    ("forms draft", "out", "Ghi mỗi biểu một tệp .toml vào thư mục này; tệp đã có được giữ nguyên"),
    (
        "forms blank",
        "ids",
        "Mã biểu, như II.06a BM1; bỏ trống: mọi biểu có hiệu lực trong kỳ, hoặc những biểu mà đơn vị cùng cấp vẫn gửi",
    ),
    ("forms blank", "unit", "Đơn vị, theo mã hoặc tên"),
    ("forms blank", "all", "Mỗi đơn vị trong units.csv một tệp với đủ các biểu; --out là thư mục"),
    ("forms blank", "out", "Tệp .xlsx cần ghi; với --all là thư mục"),
    ("forms blank", "units", "Danh sách đơn vị [mặc định: units.csv ở đây, bên trên, hoặc trong một PATH của --past]"),
    (
        "forms blank",
        "past",
        "Báo cáo kỳ trước: bảng bắt đầu bằng các lĩnh vực đơn vị đã báo cáo, mỗi cấp nhận các biểu đã gửi",
    ),
    ("forms blank", "rows", "Số hàng trống cho lĩnh vực khác [mặc định: 20, hoặc 5 dưới các lĩnh vực đã biết]"),
    ("explain", "what", "Mã quy tắc như trong phát hiện, loại quy tắc như balance, `gioi-han`, hoặc một tệp bảng tính"),
    ("explain", "cell", "Một ô của tệp, như 'Biểu 06a!D12': các quy tắc đọc ô này và mỗi cách sửa dẫn tới đâu"),
    ("explain", "with", "Tệp hoặc thư mục khác để đối chiếu ô: các biểu, các kỳ khác của đơn vị"),
    ("explain", "units", "Danh sách đơn vị [mặc định: units.csv cạnh tệp hoặc thư mục bên trên]"),
    ("init", "folder", "Thư mục làm việc; những gì đã có trong đó được giữ nguyên"),
    ("serve", "folder", "Thư mục làm việc [mặc định: hỏi trên trang]"),
    ("serve", "port", "Cổng trên máy này [mặc định: một cổng còn trống]"),
    ("serve", "no_open", "Không mở trình duyệt"),
    ("completions", "shell", "bash, zsh, fish, elvish hoặc powershell"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_and_option_is_told_in_vietnamese() {
        fn untold(command: &Command, path: &str, into: &mut Vec<String>) {
            if command.is_hide_set() {
                return;
            }
            if !COMMANDS.iter().any(|(name, _)| *name == path) {
                into.push(path.to_owned());
            }
            for arg in command
                .get_arguments()
                .filter(|a| !a.is_hide_set() && *a.get_id() != "help" && *a.get_id() != "version")
            {
                let translated = |of: &str| ARGUMENTS.iter().any(|(c, id, _)| *c == of && *a_id(arg) == **id);
                if !translated(path) && !translated("*") {
                    into.push(format!("{path} {}", arg.get_id()));
                }
            }
            for sub in command.get_subcommands().filter(|c| c.get_name() != "help") {
                let path =
                    if path.is_empty() { sub.get_name().to_owned() } else { format!("{path} {}", sub.get_name()) };
                untold(sub, &path, into);
            }
        }
        fn a_id(arg: &Arg) -> &str {
            arg.get_id().as_str()
        }
        let mut missing = Vec::new();
        untold(&Cli::command(), "", &mut missing);
        assert!(missing.is_empty(), "no Vietnamese in cli/help.rs for {missing:?}");
        command(Lang::Vi).debug_assert();
    }
}
