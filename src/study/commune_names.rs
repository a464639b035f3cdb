//! Names of communes, old and new: which commune of today is meant.

use super::Commune;
use super::columns::Column;
use super::matching::{COMMUNES, Form, forms};
use super::rows::Rows;
use crate::io::Table;
use crate::problem::{Problem, Problems, did_you_mean};
use std::collections::HashMap;

/// The communes of today, numbered, and every name that means one of them.
#[derive(Debug, Default)]
pub(super) struct CommuneNames {
    /// Names of today.
    pub(super) names: Vec<String>,
    /// Whether a layer or a mapping lists them all; else names are learned as they come.
    pub(super) is_closed: bool,
    by_key: HashMap<String, Vec<Entry>>,
}

#[derive(Debug)]
struct Entry {
    form: Form,
    /// District of an old name; none for a name of today.
    district: Option<String>,
    commune: usize,
}

const OLD_NAME: Column = Column::required("old_name", &["old_commune", "ten_cu", "xa_cu"]);
const OLD_DISTRICT: Column = Column::optional("old_district", &["district", "huyen", "huyen_cu"]);
const NEW_NAME: Column = Column::required("new_name", &["new_commune", "ten_moi", "xa_moi"]);

impl CommuneNames {
    /// Names of a layer of communes and of a mapping from old names; the new names of the mapping must be in the layer.
    pub(super) fn new(communes: &[Commune], mapping: Option<&Table>, problems: &mut Problems) -> Self {
        let mut names = Self { is_closed: !communes.is_empty() || mapping.is_some(), ..Self::default() };
        for commune in communes {
            names.add(&commune.name, None, names.names.len());
            names.names.push(commune.name.clone());
        }
        if let Some(table) = mapping {
            names.read_mapping(table, !communes.is_empty(), problems);
        }
        names
    }

    fn read_mapping(&mut self, table: &Table, only_known: bool, problems: &mut Problems) {
        let Some(rows) = Rows::open(table, &[OLD_NAME, OLD_DISTRICT, NEW_NAME], problems) else { return };
        let mut old_names = Vec::new();
        rows.for_each(problems, |mut row| {
            let (old, new) = (row.required_text(&OLD_NAME), row.required_text(&NEW_NAME));
            let (Some(old), Some(new)) = (old, new) else { return };
            let commune = match self.today(&new) {
                Some(commune) => commune,
                None if only_known => {
                    let hint = self.suggestion(&new).map_or(String::new(), |s| format!("; {s}"));
                    row.fault(&NEW_NAME, &new, &format!("is no commune of the communes layer{hint}"));
                    return;
                }
                None => self.learn(&new),
            };
            old_names.push((old, row.text(&OLD_DISTRICT).map(str::to_owned), commune));
        });
        for (old, district, commune) in old_names {
            self.add(&old, Some(district.as_deref().unwrap_or_default()), commune);
        }
        if table.is_empty() {
            problems.push(Problem::error(&table.file, "has no rows; old and new names of communes are needed"));
        }
    }

    fn add(&mut self, name: &str, district: Option<&str>, commune: usize) {
        let Some(form) = forms(name, COMMUNES).into_iter().next() else { return };
        let district = district.map(key);
        self.by_key.entry(form.key.clone()).or_default().push(Entry { form, district, commune });
    }

    /// The number of a name of today, which is made known if it is not.
    pub(super) fn learn(&mut self, name: &str) -> usize {
        self.today(name).unwrap_or_else(|| {
            self.add(name, None, self.names.len());
            self.names.push(name.to_owned());
            self.names.len() - 1
        })
    }

    /// The commune of today that has a name.
    pub(super) fn today(&self, name: &str) -> Option<usize> {
        let form = forms(name, COMMUNES).into_iter().next()?;
        let entries = self.by_key.get(&form.key)?.iter().filter(|e| e.district.is_none()).collect();
        closest(&form, entries).first().map(|e| e.commune)
    }

    /// Communes of today that a name may mean, ascending: several when a name was given twice, or belongs to an old and to another
    /// new commune, or an old commune was split. A district decides where it is stated; else a name of today comes with all others.
    /// None when nobody knows the name.
    pub(super) fn find(&self, name: &str, district: Option<&str>) -> Vec<usize> {
        let Some(form) = forms(name, COMMUNES).into_iter().next() else { return Vec::new() };
        let mut entries: Vec<&Entry> = self.by_key.get(&form.key).into_iter().flatten().collect();
        if let Some(district) = district.map(key) {
            narrow(&mut entries, |e| e.district.as_ref() == Some(&district));
        }
        let mut communes: Vec<usize> = closest(&form, entries).into_iter().map(|e| e.commune).collect();
        communes.sort_unstable();
        communes.dedup();
        communes
    }

    /// Communes of today that an old district had a part of, ascending.
    pub(super) fn of_district(&self, district: &str) -> Vec<usize> {
        let district = Some(key(district));
        let entries = self.by_key.values().flatten().filter(|e| e.district == district);
        let mut communes: Vec<usize> = entries.map(|e| e.commune).collect();
        communes.sort_unstable();
        communes.dedup();
        communes
    }

    /// "did you mean …?" for a name that nobody knows.
    pub(super) fn suggestion(&self, name: &str) -> Option<String> {
        did_you_mean(name, self.names.iter().map(String::as_str))
    }
}

fn key(district: &str) -> String {
    forms(district, COMMUNES).into_iter().next().map(|form| form.key).unwrap_or_default()
}

/// Keeps the entries that fulfil something, if there are any.
fn narrow(entries: &mut Vec<&Entry>, is_wanted: impl Fn(&Entry) -> bool) {
    if entries.iter().any(|e| is_wanted(e)) {
        entries.retain(|e| is_wanted(e));
    }
}

/// The entries whose marks and kind are closest to a name's.
fn closest<'a>(form: &Form, mut entries: Vec<&'a Entry>) -> Vec<&'a Entry> {
    narrow(&mut entries, |e| e.form.syllables.len() == form.syllables.len());
    narrow(&mut entries, |e| e.form.syllables.iter().zip(&form.syllables).all(|(a, b)| a.agrees_with(b)));
    narrow(&mut entries, |e| e.form.syllables == form.syllables);
    if form.kind.is_some() {
        narrow(&mut entries, |e| e.form.kind.is_none() || e.form.kind == form.kind);
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::MultiPolygon;

    fn names() -> CommuneNames {
        let commune = |name: &str| Commune {
            name: name.into(),
            area: MultiPolygon::new(Vec::new()),
            seat: crate::geodesy::LonLat::new(0.0, 0.0),
            has_fibre: true,
        };
        let mut names = CommuneNames::new(
            &["Thục Phán", "Hưng Đạo", "Bảo Lạc", "Quang Trung", "Nguyễn Huệ", "Lý Quốc"].map(commune),
            None,
            &mut Problems::default(),
        );
        for (old, district, commune) in [
            ("Xã Hưng Đạo", "Thành phố Cao Bằng", 0),
            ("Xã Hưng Đạo", "Huyện Bảo Lạc", 1),
            ("Thị trấn Bảo Lạc", "Huyện Bảo Lạc", 2),
            ("Xã Quang Trung", "Huyện Trùng Khánh", 3),
            ("Xã Quang Trung", "Huyện Hòa An", 4),
        ] {
            names.add(old, Some(district), commune);
        }
        names
    }

    #[test]
    fn old_and_new_names_mean_the_communes_of_today() {
        let names = names();
        for (name, district, expected) in [
            ("Thục Phán", None, vec![0]),
            ("phuong thuc phan", None, vec![0]),
            ("P. Thục Phán", None, vec![0]),
            ("Lí Quốc", None, vec![5]),
            ("Hưng Đạo", None, vec![0, 1]),
            ("Xã Hưng Đạo", Some("TP Cao Bằng"), vec![0]),
            ("Hưng Đạo", Some("bảo lạc"), vec![1]),
            ("TT Bảo Lạc", None, vec![2]),
            ("Quang Trung", Some("Hoà An"), vec![4]),
            ("Xã Quang Trung", None, vec![3, 4]),
            ("Quảng Trung", None, vec![3, 4]),
            ("Sao Hỏa", None, vec![]),
        ] {
            assert_eq!(names.find(name, district), expected, "{name} {district:?}");
        }
        assert_eq!(names.suggestion("Thục Phan"), Some("did you mean \"Thục Phán\"?".into()));
    }
}
