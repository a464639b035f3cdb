//! How a study names a table: a file (or database), its layer, and what the file itself does not say.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::{Path, PathBuf};

/// Separates a file from one of its layers, as QGIS writes it: `places.gpkg|layername=villages`.
const LAYER_MARK: &str = "|layername=";

/// Starts the connection to a PostGIS database, as GDAL writes it: `PG:dbname=places host=localhost`.
const DATABASE_MARK: &str = "PG:";

/// A table that a study names: `"villages.csv"`, `"places.gpkg|layername=villages"`, `"PG:dbname=places|layername=villages"`,
/// or `{ file = "villages.csv", layer = "…", crs = "EPSG:9210", encoding = "windows-1258" }`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(from = "Written", into = "Written")]
#[schemars(with = "Written")]
pub struct TableSource {
    file: String,
    layer: Option<String>,
    crs: Option<String>,
    encoding: Option<String>,
    name: String,
}

/// The two ways in which a study file writes a table.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Written {
    /// A file, or a file and its layer: `"places.gpkg|layername=villages"`.
    Name(String),
    /// A file with what it does not say itself.
    Parts(TableParts),
}

/// A file with what it does not say itself.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct TableParts {
    /// The file, relative to the study's folder, or a connection `PG:…`; its layer may follow as `|layername=…`.
    file: String,
    /// Layer or sheet; needed where the file has several.
    #[serde(skip_serializing_if = "Option::is_none")]
    layer: Option<String>,
    /// Coordinate reference system in which the coordinates are, such as `EPSG:9210`; outranks the one that the file states.
    #[serde(skip_serializing_if = "Option::is_none")]
    crs: Option<String>,
    /// Encoding of its text, such as `windows-1258`; recognised when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<String>,
}

impl TableSource {
    /// The table that a text names: `file` or `file|layername=layer`.
    pub fn new(text: &str) -> Self {
        Self::from(Written::Name(text.to_owned()))
    }

    /// The same table with its coordinates in a system; as it is without one.
    pub fn in_crs(self, crs: Option<&str>) -> Self {
        let crs = crs.map(str::to_owned).or(self.crs);
        Self { crs, ..self }
    }

    /// Name in messages and records: file and layer, passwords left out.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether the table lies in a database and not in a file.
    pub fn is_database(&self) -> bool {
        self.file.starts_with(DATABASE_MARK)
    }

    /// What says how it is read: the file's extension in lower case, or `pg:` for a database.
    pub(super) fn kind(&self) -> String {
        if self.is_database() {
            return DATABASE_MARK.to_lowercase();
        }
        Path::new(&self.file).extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default()
    }

    /// What GDAL opens: the file in the study's folder, or the connection to a database with its password.
    pub(super) fn path(&self, folder: &Path) -> PathBuf {
        if !self.is_database() {
            return folder.join(&self.file);
        }
        let can_wait = self.file.contains("connect_timeout") || self.file.contains("//");
        PathBuf::from(format!("{}{}", self.file, if can_wait { "" } else { CONNECT_TIMEOUT }))
    }

    /// The file in the study's folder; `None` for a database.
    pub fn file(&self, folder: &Path) -> Option<PathBuf> {
        (!self.is_database()).then(|| folder.join(&self.file))
    }

    /// Further files in the study's folder that belong to the table, with their names: those of a shapefile.
    pub fn other_files(&self, folder: &Path) -> Vec<(String, PathBuf)> {
        if self.kind() != "shp" {
            return Vec::new();
        }
        let parts = ["dbf", "shx", "prj", "cpg"].map(|part| Path::new(&self.file).with_extension(part));
        let named = parts.map(|part| (part.display().to_string(), folder.join(&part)));
        named.into_iter().filter(|(_, path)| path.exists()).collect()
    }

    /// The layer or sheet that is named.
    pub fn layer(&self) -> Option<&str> {
        self.layer.as_deref()
    }

    /// The coordinate reference system that is stated, as written.
    pub fn crs(&self) -> Option<&str> {
        self.crs.as_deref()
    }

    /// The encoding that is stated, as written.
    pub fn encoding(&self) -> Option<&str> {
        self.encoding.as_deref()
    }

    /// The same file with a layer named, as a study may write it.
    pub(super) fn with_layer(&self, layer: &str) -> String {
        format!("{}{LAYER_MARK}{layer}", without_password(&self.file))
    }

    /// A text about this table with its password taken out: libraries put the connection into their messages.
    pub(super) fn without_secrets(&self, text: &str) -> String {
        let connection = text.replace(&self.file, &without_password(&self.file));
        passwords(&self.file).into_iter().fold(connection, |text, range| text.replace(&self.file[range], HIDDEN))
    }
}

impl From<Written> for TableSource {
    fn from(written: Written) -> Self {
        let (text, layer, crs, encoding) = match written {
            Written::Name(text) => (text, None, None, None),
            Written::Parts(TableParts { file, layer, crs, encoding }) => (file, layer, crs, encoding),
        };
        let (file, layer) = match text.split_once(LAYER_MARK) {
            Some((file, named)) => (file.to_owned(), layer.or_else(|| Some(named.to_owned()))),
            None => (text, layer),
        };
        let shown = without_password(&file);
        let name = layer.as_ref().map_or_else(|| shown.clone(), |layer| format!("{shown}{LAYER_MARK}{layer}"));
        Self { file, layer, crs, encoding, name }
    }
}

impl From<TableSource> for Written {
    /// As it is recorded: the password stays out.
    fn from(source: TableSource) -> Self {
        let TableSource { file, layer, crs, encoding, name } = source;
        if crs.is_none() && encoding.is_none() {
            Self::Name(name)
        } else {
            Self::Parts(TableParts { file: without_password(&file), layer, crs, encoding })
        }
    }
}

impl From<&str> for TableSource {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl fmt::Display for TableSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

const HIDDEN: &str = "***";

/// A server that does not answer within 10 s is none.
const CONNECT_TIMEOUT: &str = " connect_timeout=10";

/// The connection without its passwords; a file as it is.
fn without_password(file: &str) -> String {
    let mut shown = file.to_owned();
    for range in passwords(file).into_iter().rev() {
        shown.replace_range(range, HIDDEN);
    }
    shown
}

/// Where passwords stand in a connection: `password=…` (perhaps quoted), or `//user:…@` of an address.
fn passwords(file: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    if !file.starts_with(DATABASE_MARK) {
        return found;
    }
    if let Some(start) = file.find("//").map(|i| i + 2)
        && let Some(end) = file[start..].find('@').map(|i| start + i)
        && let Some(colon) = file[start..end].find(':').map(|i| start + i)
    {
        found.push(colon + 1..end);
    }
    let lower = file.to_ascii_lowercase();
    for (at, key) in lower.match_indices("password") {
        let after = at + key.len();
        let equals = after + lower[after..].bytes().take_while(|&b| b == b' ').count();
        if !lower[equals..].starts_with('=') {
            continue;
        }
        let start = equals + 1 + lower[equals + 1..].bytes().take_while(|&b| b == b' ').count();
        let end = match lower[start..].strip_prefix('\'') {
            Some(quoted) => start + 1 + closing_quote(quoted),
            None => start + lower[start..].find([' ', '&', ',']).unwrap_or(lower.len() - start),
        };
        let start = if lower[start..].starts_with('\'') { start + 1 } else { start };
        if end > start {
            found.push(start..end);
        }
    }
    found
}

/// Position of the quote that ends a quoted value; a backslash before a quote keeps it inside.
fn closing_quote(text: &str) -> usize {
    let mut escaped = false;
    for (i, byte) in text.bytes().enumerate() {
        match byte {
            b'\'' if !escaped => return i,
            b'\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_and_a_table_name_the_same_source() {
        let text: TableSource = toml::Value::from("a.gpkg|layername=villages").try_into().unwrap();
        let table: toml::Table = toml::from_str("file = \"a.gpkg\"\nlayer = \"villages\"").unwrap();
        assert_eq!(text, table.try_into().unwrap());
        assert_eq!((text.name(), text.layer()), ("a.gpkg|layername=villages", Some("villages")));
        assert_eq!(text.file(Path::new("in")), Some("in/a.gpkg".into()));
    }

    #[test]
    fn passwords_are_never_shown() {
        for (written, shown) in [
            ("PG:dbname=x password=s3cret host=h", "PG:dbname=x password=*** host=h"),
            ("PG:dbname=x PASSWORD = 's3 \\' cret' host=h", "PG:dbname=x PASSWORD = '***' host=h"),
            ("PG:postgresql://me:s3cret@h/x", "PG:postgresql://me:***@h/x"),
            ("PG:postgresql://h/x?user=me&password=s3cret&port=1", "PG:postgresql://h/x?user=me&password=***&port=1"),
            ("password=s3cret.csv", "password=s3cret.csv"),
        ] {
            let source = TableSource::new(written);
            assert_eq!(source.name(), shown);
            assert_eq!(serde_json::to_value(&source).unwrap(), shown);
        }
        let source = TableSource::new("PG:dbname=x password=s3cret|layername=villages");
        assert_eq!(source.name(), "PG:dbname=x password=***|layername=villages");
        assert_eq!(
            source.without_secrets("`PG:dbname=x password=s3cret' failed: s3cret"),
            "`PG:dbname=x password=***' failed: ***"
        );
    }
}
