//! The JSON Schemas in docs/schemas are those of the types. `UPDATE_SCHEMAS=1 cargo test --test schemas` writes them.
#![allow(clippy::unwrap_used)]

use notspot::cli::{CacheDocument, CheckDocument, ErrorDocument};
use notspot::planning::instance::InstanceFile;
use notspot::report::{PlanDocument, RunDocument, Summary};
use notspot::study::{Calibration, StudyFile};
use schemars::{Schema, schema_for};
use std::path::Path;

#[test]
fn the_schemas_are_up_to_date() {
    let schemas: [(&str, Schema); 9] = [
        ("study", schema_for!(StudyFile)),
        ("plan", schema_for!(PlanDocument)),
        ("instance", schema_for!(InstanceFile<'static>)),
        ("summary", schema_for!(Summary)),
        ("run", schema_for!(RunDocument<'static>)),
        ("check", schema_for!(CheckDocument)),
        ("calibration", schema_for!(Calibration)),
        ("cache", schema_for!(CacheDocument)),
        ("error", schema_for!(ErrorDocument)),
    ];
    for (name, schema) in schemas {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/schemas/{name}.json"));
        let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        if std::env::var_os("UPDATE_SCHEMAS").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &text).unwrap();
        }
        let written = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(written == text, "{} is not the schema of its type", path.display());
    }
}
