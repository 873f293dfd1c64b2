//! A zip's list of contents into an archive that may be opened, checked before anything is inflated.

use std::collections::HashMap;
use std::io::Cursor;

use zip::ZipArchive;

use super::{Excess, Fault};

/// One line of the list.
struct Listed {
    start: u64,
    end: u64,
    checksum: [u8; 4],
}

/// Opens a zip unless its list is broken, has more than so many parts, names a part twice with different contents, or lays parts over one
/// another: the last is how a few kilobytes become petabytes, and no program writes it.
pub fn open(bytes: &[u8], most: usize) -> Result<ZipArchive<Cursor<&[u8]>>, Fault> {
    if promised(bytes) > most as u64 {
        return Err(Fault::TooLarge(Excess::Parts));
    }
    let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Fault::Truncated)?;
    if zip.len() > most {
        return Err(Fault::TooLarge(Excess::Parts));
    }
    let list = usize::try_from(zip.central_directory_start()).unwrap_or(usize::MAX);
    let mut parts = Vec::with_capacity(zip.len());
    let mut names: HashMap<String, [u8; 4]> = HashMap::with_capacity(zip.len());
    let mut rest = bytes.get(list..).unwrap_or_default();
    while let Some((name, part, after)) = line(rest, bytes, zip.offset()) {
        if let Some(other) = names.insert(name.to_lowercase(), part.checksum)
            && other != part.checksum
        {
            return Err(Fault::Broken(format!("zip: {name} × 2")));
        }
        parts.push(part);
        if parts.len() > most {
            return Err(Fault::TooLarge(Excess::Parts));
        }
        rest = after;
    }
    parts.sort_unstable_by_key(|p| (p.start, p.end));
    let inside = parts.iter().all(|p| p.end <= list as u64);
    if !inside || parts.windows(2).any(|two| two[0].end > two[1].start) {
        return Err(Fault::Broken("zip: overlap".into()));
    }
    Ok(zip)
}

/// How many entries the end of the file promises, before any memory is taken for them.
fn promised(bytes: &[u8]) -> u64 {
    let tail = &bytes[bytes.len().saturating_sub(65_557)..];
    let Some(at) = tail.windows(4).rposition(|w| w == b"PK\x05\x06") else {
        return 0;
    };
    let short = u64::from(u16_at(tail, at + 10).unwrap_or(0));
    if short != 0xFFFF {
        return short;
    }
    let wide = tail[..at].windows(4).rposition(|w| w == b"PK\x06\x06");
    wide.and_then(|at| u64_at(tail, at + 32)).unwrap_or(short)
}

/// The first line of the list, where its part lies in the file, and what follows.
fn line<'a>(list: &'a [u8], file: &[u8], shift: u64) -> Option<(String, Listed, &'a [u8])> {
    if !list.starts_with(b"PK\x01\x02") {
        return None;
    }
    let lengths = [28, 30, 32].map(|at| u16_at(list, at).map(usize::from));
    let [name, extra, comment] = [lengths[0]?, lengths[1]?, lengths[2]?];
    let mut size = u64::from(u32_at(list, 20)?);
    let mut start = u64::from(u32_at(list, 42)?);
    let wide = wide(list.get(46 + name..46 + name + extra)?);
    let inflated = u32_at(list, 24)?;
    // The 64-bit field holds, in this order, only what did not fit.
    let mut at = 0;
    let mut next = |short: u64| {
        if short != 0xFFFF_FFFF {
            return Some(short);
        }
        at += 8;
        u64_at(wide, at - 8)
    };
    next(u64::from(inflated))?;
    size = next(size)?;
    start = next(start)?.checked_add(shift)?;
    let local = usize::try_from(start).ok()?;
    let own = u64::from(u16_at(file, local.checked_add(26)?)?) + u64::from(u16_at(file, local.checked_add(28)?)?);
    let listed = Listed {
        start,
        end: start.checked_add(30 + own)?.checked_add(size)?,
        checksum: list.get(16..20)?.try_into().ok()?,
    };
    let name_text = String::from_utf8_lossy(list.get(46..46 + name)?).into_owned();
    let after = list.get(46 + name + extra + comment..)?;
    Some((name_text, listed, after))
}

/// The zip64 field among the extra ones.
fn wide(mut extra: &[u8]) -> &[u8] {
    while let (Some(id), Some(length)) = (u16_at(extra, 0), u16_at(extra, 2)) {
        let end = 4 + usize::from(length);
        if id == 1 {
            return extra.get(4..end).unwrap_or_default();
        }
        extra = extra.get(end..).unwrap_or_default();
    }
    &[]
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let two = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes(two.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(four.try_into().ok()?))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    let eight = bytes.get(at..at.checked_add(8)?)?;
    Some(u64::from_le_bytes(eight.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::zipped;

    #[test]
    fn an_honest_zip_opens_wherever_it_starts() {
        let bytes = zipped(&[("a.xml", "một"), ("b.xml", "hai")]);
        assert_eq!(open(&bytes, 9).unwrap().len(), 2);
        let shifted = [b"MZ self-extracting ".as_slice(), &bytes].concat();
        assert_eq!(open(&shifted, 9).unwrap().len(), 2);
    }

    #[test]
    fn two_entries_over_the_same_bytes_are_refused() {
        let mut bytes = zipped(&[("a.xml", "một"), ("b.xml", "hai")]);
        let second = bytes.windows(4).rposition(|w| w == b"PK\x01\x02").unwrap();
        bytes[second + 42..second + 46].fill(0);
        assert_eq!(open(&bytes, 9).err(), Some(Fault::Broken("zip: overlap".into())));
    }

    #[test]
    fn a_name_in_two_cases_is_one_name() {
        assert!(open(&zipped(&[("xl/a.xml", "1"), ("XL/A.XML", "2")]), 9).is_err());
        assert!(open(&zipped(&[("xl/a.xml", "1"), ("XL/A.XML", "1")]), 9).is_ok());
    }
}
