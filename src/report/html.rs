//! The report as one HTML file that needs nothing else: no network, no installation, any screen or paper.

use super::i18n::Catalogue;
use super::page::page;
use super::{ReportError, Results, staged};
use crate::io::{Staging, WriteError};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior, context};

/// The template; its texts come from the catalogue through `t(key)`, and every value is escaped.
const TEMPLATE: &str = include_str!("template/report.html");
/// The style sheet and the symbols of the map.
const STYLE: &str = include_str!("template/style.css");

/// Writes `report.html`. Sections of stages that were not asked for are left out.
///
/// # Errors
/// The map cannot be drawn, or the file cannot be written.
pub fn write_report(results: &Results<'_>, staging: &Staging) -> Result<(), ReportError> {
    let path = staged(staging, "report.html")?;
    let named = |cause| WriteError { file: path.clone(), cause };
    let page = page(results).map_err(named)?;
    let html = render(Catalogue::new(results.study.config.language), &page)?;
    std::fs::write(&path, html).map_err(|error| named(error.into()))?;
    Ok(())
}

fn render(texts: Catalogue, page: &super::page::Page) -> Result<String, Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.add_function("t", move |key: &str| {
        texts.find(key).ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("no text {key:?}")))
    });
    environment.add_template("report.html", TEMPLATE)?;
    environment.get_template("report.html")?.render(context! { page => Serde(page), style => STYLE })
}
