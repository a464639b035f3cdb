//! What antennas take from levels: a table for each pattern, made when a cell first needs it.

use crate::radio::{AntennaPattern, AttenuationTable};
use crate::study::{Antenna, Study};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Tables that are held at once, 2 MiB each; beyond, the one that was needed longest ago goes.
const MOST_TABLES: usize = 64;

/// The tables of a study's antennas.
pub(super) struct AntennaTables<'a> {
    antennas: &'a [Antenna],
    /// Places among the antennas with their tables, last needed last.
    held: Mutex<Vec<(usize, Arc<OnceLock<AttenuationTable>>)>>,
}

/// A table that is there as long as somebody looks things up in it.
pub(super) struct HeldTable<'a> {
    pattern: &'a AntennaPattern,
    table: Arc<OnceLock<AttenuationTable>>,
}

impl HeldTable<'_> {
    /// The table, which the first who asks makes.
    pub(super) fn get(&self) -> &AttenuationTable {
        self.table.get_or_init(|| AttenuationTable::new(self.pattern))
    }
}

impl<'a> AntennaTables<'a> {
    pub(super) fn new(study: &'a Study) -> Self {
        Self { antennas: &study.antennas, held: Mutex::default() }
    }

    /// Whether an antenna radiates more in some directions than in others.
    pub(super) fn has_direction(&self, antenna: usize) -> bool {
        !self.antennas[antenna].pattern.is_omni()
    }

    /// The table of an antenna; `None` for one that radiates alike in all directions.
    pub(super) fn of(&self, antenna: usize) -> Option<HeldTable<'a>> {
        let pattern = &self.antennas[antenna].pattern;
        if pattern.is_omni() {
            return None;
        }
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let known = held.iter().position(|(held, _)| *held == antenna);
        let entry = known.map_or_else(|| (antenna, Arc::default()), |place| held.remove(place));
        let table = entry.1.clone();
        held.push(entry);
        if held.len() > MOST_TABLES {
            held.remove(0);
        }
        Some(HeldTable { pattern, table })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_tables_are_held_than_memory_should_hold() {
        let sector = Antenna::built_in().remove(1);
        let antennas = vec![sector; MOST_TABLES + 10];
        let tables = AntennaTables { antennas: &antennas, held: Mutex::default() };
        let held = || tables.held.lock().unwrap().iter().map(|(antenna, _)| *antenna).collect::<Vec<_>>();
        let first = tables.of(0).unwrap();
        first.get();
        (1..MOST_TABLES + 5).for_each(|antenna| drop(tables.of(antenna)));
        assert_eq!(held(), (5..MOST_TABLES + 5).collect::<Vec<_>>());
        tables.of(5);
        assert_eq!((held()[0], held()[MOST_TABLES - 1], held().len()), (6, 5, MOST_TABLES));
        assert!(first.get().attenuation_db(0.0, 0.0, &Default::default()) < 1e-3, "whoever holds one keeps it");
    }
}
