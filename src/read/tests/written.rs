//! Records into the bytes of an .xls file, as small as they come.

/// An .xls around the records of one sheet.
pub(super) fn xls(globals: &[(u16, &[u8])], sheet: &[(u16, &[u8])]) -> Vec<u8> {
    let records = |list: &[(u16, &[u8])]| -> Vec<u8> {
        let head =
            |kind: u16, body: &[u8]| [kind.to_le_bytes(), u16::try_from(body.len()).unwrap().to_le_bytes()].concat();
        list.iter().flat_map(|(kind, body)| [head(*kind, body), body.to_vec()].concat()).collect()
    };
    let begin: (u16, &[u8]) = (0x0809, &[0, 6, 5, 0]);
    let mut stream = records(&[&[begin], globals].concat());
    let start = u32::try_from(stream.len() + 14 + 4).unwrap().to_le_bytes();
    stream.extend(records(&[(0x85, &[&start[..], &[0, 0, 2, 0, b'B', b'1']].concat()), (0x0A, &[])]));
    stream.extend(records(&[&[begin], sheet, &[(0x0A, &[])]].concat()));
    stream.resize(stream.len().max(4096).next_multiple_of(512), 0);
    compound("Workbook", &stream)
}

/// An OLE2 file with one stream.
pub(super) fn compound(name: &str, stream: &[u8]) -> Vec<u8> {
    let word = |n: usize| u32::try_from(n).unwrap().to_le_bytes();
    let mut header = vec![0; 512];
    header[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
    header[30] = 9;
    header[32] = 6;
    header[44..48].copy_from_slice(&word(1));
    header[48..52].copy_from_slice(&word(1));
    header[56..60].copy_from_slice(&word(4096));
    header[60..64].fill(0xFF);
    header[68..72].fill(0xFF);
    header[80..].fill(0xFF);
    header[76..80].copy_from_slice(&word(0));
    let sectors = stream.len() / 512;
    let mut table = [word(0xFFFF_FFFD), word(0xFFFF_FFFE)].concat();
    for sector in 0..sectors {
        table.extend(if sector + 1 == sectors { word(0xFFFF_FFFE) } else { word(sector + 3) });
    }
    table.resize(512, 0xFF);
    let entry = |name: &str, kind: u8, start: usize, size: usize| {
        let mut entry = vec![0; 128];
        for (at, unit) in name.encode_utf16().enumerate() {
            entry[2 * at..2 * at + 2].copy_from_slice(&unit.to_le_bytes());
        }
        entry[64] = u8::try_from(2 * name.len() + 2).unwrap();
        entry[66] = kind;
        entry[116..120].copy_from_slice(&word(start));
        entry[120..124].copy_from_slice(&word(size));
        entry
    };
    let mut directory = [entry("Root Entry", 5, 0xFFFF_FFFE, 0), entry(name, 2, 2, stream.len())].concat();
    directory.resize(512, 0);
    [header, table, directory, stream.to_vec()].concat()
}

pub(super) fn small_xls() -> Vec<u8> {
    let text = [&[1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 1][..], &[0xA1, 0x1E, b'b', 0]].concat();
    let globals: [(u16, &[u8]); 3] =
        [(0x31, &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, b'V', b'N']), (0xE0, &[0, 0, 10, 0]), (0xFC, &text)];
    let half = [&[0, 0, 1, 0, 0, 0][..], &0.5f64.to_le_bytes()].concat();
    // =A1+2 with the result 7.
    let tokens = [0x24, 0, 0, 0, 0xC0, 0x1E, 2, 0, 0x03];
    let formula = [&[1, 0, 0, 0, 0, 0][..], &7f64.to_le_bytes(), &[0, 0, 0, 0, 0, 0, 9, 0], &tokens].concat();
    xls(
        &globals,
        &[
            (0xFD, &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            (0x0203, &half),
            (0x06, &formula),
            (0xE5, &[1, 0, 0, 0, 1, 0, 0, 0, 0, 0]),
        ],
    )
}
