//! Names to numbers, fast: millions of look-ups of short identifiers.

/// An open-addressing table from borrowed names to numbers in order of insertion. Names of up to seven bytes are their
/// own key, so that a look-up touches one cache line and no string.
pub(super) struct IdMap<'a> {
    slots: Vec<(u64, u32)>,
    names: Vec<&'a str>,
    shift: u32,
}

const EMPTY: u32 = u32::MAX;
const HASHED: u64 = 1 << 63;

/// Up to seven bytes: the bytes and their number, exact. Longer: a hash, marked by the top bit.
fn key_of(name: &str) -> u64 {
    let bytes = name.as_bytes();
    if bytes.len() < 8 {
        return bytes.iter().fold(bytes.len() as u64, |key, &b| key << 8 | u64::from(b));
    }
    bytes.iter().fold(0, |key: u64, &b| (key.rotate_left(5) ^ u64::from(b)).wrapping_mul(0x517c_c1b7_2722_0a95))
        | HASHED
}

impl<'a> IdMap<'a> {
    /// Room for `names` names.
    pub(super) fn with_capacity(names: usize) -> Self {
        let bits = usize::BITS - (names.max(4) * 2 - 1).leading_zeros();
        Self { slots: vec![(0, EMPTY); 1 << bits], names: Vec::with_capacity(names), shift: 64 - bits }
    }

    fn slot(&self, key: u64, name: &str) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift) as usize;
        loop {
            let (k, number) = self.slots[at];
            if number == EMPTY || (k == key && (key & HASHED == 0 || self.names[number as usize] == name)) {
                return at;
            }
            at = (at + 1) & mask;
        }
    }

    /// The number of a name.
    pub(super) fn get(&self, name: &str) -> Option<u32> {
        let number = self.slots[self.slot(key_of(name), name)].1;
        (number != EMPTY).then_some(number)
    }

    /// Adds a name under the next number; the number it already has when it is there.
    pub(super) fn insert(&mut self, name: &'a str) -> Result<u32, u32> {
        let key = key_of(name);
        let at = self.slot(key, name);
        if self.slots[at].1 != EMPTY {
            return Err(self.slots[at].1);
        }
        let number = self.names.len() as u32;
        self.slots[at] = (key, number);
        self.names.push(name);
        Ok(number)
    }

    /// All names, in order of insertion.
    pub(super) fn names(&self) -> &[&'a str] {
        &self.names
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn names_of_every_length_are_told_apart() {
        let names: Vec<String> = (0..40).flat_map(|n| ["a", "b", "\0"].map(|c| c.repeat(n))).collect();
        let mut map = IdMap::with_capacity(names.len());
        for name in &names {
            let known = map.get(name);
            assert_eq!(map.insert(name).is_err(), known.is_some());
        }
        assert_eq!(map.names().len(), 118, "the empty name counts once");
        for name in &names {
            let number = map.get(name).unwrap();
            assert_eq!(map.names()[number as usize], name);
        }
        assert_eq!(map.get("c"), None);
        assert_eq!(map.get("a\0"), None);
    }
}
