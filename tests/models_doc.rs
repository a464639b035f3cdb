//! docs/models.md is what the registry says. `UPDATE_DOCS=1 cargo test --test models_doc` writes it.
#![allow(clippy::unwrap_used)]

use notspot::propagation::{DEFAULT_MODEL, Limit, MODELS, Model, ModelEntry, Outside, Parameter};
use std::fmt::Write;
use std::path::Path;

const HEAD: &str = "# Propagation models\n\n\
    Made from the registry by `UPDATE_DOCS=1 cargo test --test models_doc`; do not edit. `notspot models` prints the same.\n\n\
    Profiles from terrain (studies, `coverage`, `link --dem`) are inland all the way unless rasters give zones (`inputs.zones`, `--zones`:\n\
    docs/inputs-rasters.md); points of `link --batch` and `link --profile` may state their own. `p1812`, `delta-bullington` and `ehata` look at them.\n\n\
    | id | what it is | path | source |\n|---|---|---|---|\n";

#[test]
fn the_table_of_models_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/models.md");
    let text = document();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == text, "{} is not what the registry says", path.display());
}

fn document() -> String {
    let mut text = String::from(HEAD);
    for entry in MODELS {
        let default = if entry.id == DEFAULT_MODEL { " (default)" } else { "" };
        let path = if entry.needs_profile { "profile" } else { "distance or profile" };
        writeln!(text, "| `{}`{default} | {} | {path} | {} |", entry.id, cell(entry.summary), cell(entry.reference))
            .unwrap();
    }
    MODELS.iter().for_each(|entry| section(&mut text, entry));
    text
}

fn section(text: &mut String, entry: &ModelEntry) {
    write!(text, "\n## {}\n\n| validity | range | outside | source |\n|---|---|---|---|\n", entry.id).unwrap();
    for limit in entry.validity {
        let Limit { quantity, outside, source, .. } = limit;
        let outside = match outside {
            Outside::Error => "error",
            Outside::Warning => "warning",
        };
        writeln!(text, "| `{}` | {} | {outside} | {} |", quantity.field(), limit.range(), cell(source)).unwrap();
    }
    if Model::build(entry.id, &serde_json::Map::new()).unwrap().takes_own_profiles() {
        text.push_str(
            "\nRasters give every pixel a profile of its own, as `--exact` does; `--quality` has no effect.\n",
        );
    }
    if entry.parameters.is_empty() {
        return;
    }
    text.push_str("\n| parameter | takes | default | what it is |\n|---|---|---|---|\n");
    for parameter in entry.parameters {
        let Parameter { name, summary, .. } = parameter;
        let default = match parameter.default_value() {
            serde_json::Value::Null => "—".into(),
            serde_json::Value::String(word) => word,
            number => format!("{} {}", number.as_f64().unwrap(), parameter.unit).trim_end().to_owned(),
        };
        writeln!(text, "| `{name}` | {} | {default} | {} |", cell(&parameter.allowed()), cell(summary)).unwrap();
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
