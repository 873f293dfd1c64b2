//! The numbers of a column's rows into the runs that Parquet keeps them in: a count and a number, or eight at a time packed
//! to as few bits as the largest needs ("RLE / bit-packing hybrid").

/// Numbers, those that repeat kept as one.
#[derive(Debug, Default)]
pub(super) struct Runs {
    runs: Vec<(u32, u32)>,
    pub(super) len: u32,
}

impl Runs {
    pub(super) fn push(&mut self, number: u32, times: u32) {
        self.len += times;
        match self.runs.last_mut() {
            Some((last, count)) if *last == number => *count += times,
            _ => self.runs.push((number, times)),
        }
    }

    /// Forgets all but the room they took.
    pub(super) fn clear(&mut self) {
        self.runs.clear();
        self.len = 0;
    }

    /// The runs as bytes; no number needs more than `bits`.
    pub(super) fn packed(&self, bits: u8) -> Vec<u8> {
        let mut packer =
            Packer { bits, bytes: Vec::with_capacity(self.runs.len() * usize::from(bits) / 8 + 8), single: Vec::new() };
        for (number, times) in self.runs.iter().filter(|(_, times)| *times > 0) {
            packer.add(*number, *times);
        }
        packer.end()
    }
}

/// The bits that a number up to this one needs.
pub(super) const fn bits(largest: u32) -> u8 {
    (u32::BITS - largest.leading_zeros()) as u8
}

struct Packer {
    bits: u8,
    bytes: Vec<u8>,
    /// Numbers that do not repeat, until they are eight or more.
    single: Vec<u32>,
}

impl Packer {
    fn add(&mut self, number: u32, mut times: u32) {
        if times == 1 {
            self.single.push(number);
            return;
        }
        // Numbers are packed in eights: a run that follows some first fills up theirs.
        let open = self.single.len() as u32 % 8;
        if times < 8 || open > 0 {
            let fill = if times < 8 { times } else { 8 - open };
            self.single.extend((0..fill).map(|_| number));
            times -= fill;
        }
        if times >= 8 {
            self.pack();
            self.length(times << 1);
            let width = usize::from(self.bits).div_ceil(8);
            self.bytes.extend(&number.to_le_bytes()[..width]);
        } else if times > 0 {
            self.single.extend((0..times).map(|_| number));
        }
    }

    fn pack(&mut self) {
        if self.single.is_empty() {
            return;
        }
        let groups = self.single.len().div_ceil(8);
        self.length((groups as u32) << 1 | 1);
        self.single.resize(groups * 8, 0);
        let (mut held, mut count) = (0u64, 0u8);
        for number in self.single.drain(..) {
            held |= u64::from(number) << count;
            count += self.bits;
            while count >= 8 {
                self.bytes.push(held as u8);
                held >>= 8;
                count -= 8;
            }
        }
    }

    fn length(&mut self, mut length: u32) {
        while length >= 0x80 {
            self.bytes.push(length as u8 | 0x80);
            length >>= 7;
        }
        self.bytes.push(length as u8);
    }

    fn end(mut self) -> Vec<u8> {
        self.pack();
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads the runs again, by the format's own description.
    fn unpacked(bytes: &[u8], bits: u8, count: usize) -> Vec<u32> {
        let (mut at, mut found) = (0, Vec::new());
        let width = usize::from(bits);
        while found.len() < count {
            let (mut head, mut shift) = (0usize, 0);
            loop {
                let byte = bytes[at];
                at += 1;
                head |= usize::from(byte & 0x7f) << shift;
                shift += 7;
                if byte < 0x80 {
                    break;
                }
            }
            if head & 1 == 0 {
                let mut number = [0; 4];
                number[..width.div_ceil(8)].copy_from_slice(&bytes[at..at + width.div_ceil(8)]);
                at += width.div_ceil(8);
                found.extend(std::iter::repeat_n(u32::from_le_bytes(number), head >> 1));
            } else {
                let bit = |n: usize| u32::from(bytes[at + n / 8] >> (n % 8) & 1);
                let number = |n: usize| (0..width).fold(0, |sum, b| sum | bit(n * width + b) << b);
                found.extend((0..(head >> 1) * 8).map(number));
                at += (head >> 1) * width;
            }
        }
        assert_eq!(at, bytes.len());
        assert!(found[count..].iter().all(|n| *n == 0));
        found.truncate(count);
        found
    }

    proptest::proptest! {
        #[test]
        fn numbers_read_back(given in proptest::collection::vec((0u32..70_000, 1u32..30), 0..60), few in 1u32..70_000) {
            let mut runs = Runs::default();
            let mut plain = Vec::new();
            for (number, times) in given {
                runs.push(number % few, times);
                plain.extend(std::iter::repeat_n(number % few, times as usize));
            }
            let bits = bits(few - 1);
            assert_eq!(unpacked(&runs.packed(bits), bits, plain.len()), plain);
        }
    }
}
