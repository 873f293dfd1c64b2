//! What a run writes, and what it says where it can't.

use super::*;

#[test]
fn a_run_writes_every_file_and_the_same_bytes_again() {
    let (outcome, consolidation) = sample::one_quarter();
    let root = std::env::temp_dir().join(format!("tonghop-write-{}", std::process::id()));
    let date = NaiveDate::from_ymd_opt(2023, 9, 20).unwrap();
    let period = sample::period();
    let reports = Reports::load(&outcome.catalogue, &[]).unwrap();
    let run = |name: &str| write(&outcome, &consolidation, period, &reports, Lang::Vi, date, &root.join(name)).unwrap();
    let (first, second) = (run("a"), run("b"));
    assert_eq!(first.len(), 8);
    for (a, b) in first.iter().zip(&second) {
        assert_eq!(fs::read(a).unwrap(), fs::read(b).unwrap(), "{}", a.display());
    }
    assert_eq!(fs::read_dir(root.join("a")).unwrap().count(), 8 + 1, "and the list of what was written");
    fs::remove_dir_all(root).unwrap();
}

#[test]
fn a_folder_that_cannot_be_made_is_one_sentence_and_leaves_nothing() {
    let file = std::env::temp_dir().join(format!("tonghop-write-file-{}", std::process::id()));
    fs::write(&file, "x").unwrap();
    let (outcome, consolidation) = sample::one_quarter();
    let date = NaiveDate::from_ymd_opt(2023, 9, 20).unwrap();
    let error =
        write(&outcome, &consolidation, sample::period(), &Reports::default(), Lang::Vi, date, &file.join("out"))
            .unwrap_err();
    assert!(error.say(Lang::Vi).starts_with("Không tạo được thư mục “"), "{error}");
    assert!(!error.say(Lang::En).contains('\n'));
    let wrong = entries(&outcome, Path::new("số liệu.txt")).unwrap_err();
    assert_eq!(
        wrong.to_string(),
        "Không biết ghi số liệu vào “số liệu.txt” theo dạng nào; hãy đặt tên tệp kết thúc bằng .csv, .json hoặc .parquet."
    );
    fs::remove_file(file).unwrap();
}
