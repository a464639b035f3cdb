//! Newtypes for the quantities that would be easy to swap in a signature.
//!
//! In: plain numbers with a known unit. Out: values whose arithmetic only allows what makes physical sense: a level
//! plus a gain is a level, the difference of two levels is a ratio, and two levels cannot be added.

use serde::{Deserialize, Serialize};
use std::ops::{Add, Neg, Sub};

/// A power ratio, gain or loss in decibels.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Db(pub f64);

/// A power level in decibels relative to one milliwatt.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Dbm(pub f64);

impl Add for Db {
    type Output = Db;
    fn add(self, other: Db) -> Db {
        Db(self.0 + other.0)
    }
}

impl Sub for Db {
    type Output = Db;
    fn sub(self, other: Db) -> Db {
        Db(self.0 - other.0)
    }
}

impl Neg for Db {
    type Output = Db;
    fn neg(self) -> Db {
        Db(-self.0)
    }
}

impl Add<Db> for Dbm {
    type Output = Dbm;
    fn add(self, gain: Db) -> Dbm {
        Dbm(self.0 + gain.0)
    }
}

impl Sub<Db> for Dbm {
    type Output = Dbm;
    fn sub(self, loss: Db) -> Dbm {
        Dbm(self.0 - loss.0)
    }
}

impl Sub for Dbm {
    type Output = Db;
    fn sub(self, other: Dbm) -> Db {
        Db(self.0 - other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_minus_a_level_is_a_margin() {
        let level = Dbm(46.0) + Db(15.0) - Db(140.0);
        assert_eq!(level, Dbm(-79.0));
        assert_eq!(level - Dbm(-105.0), Db(26.0));
        assert_eq!(-(Db(3.0) - Db(1.0)) + Db(2.0), Db(0.0));
    }
}
