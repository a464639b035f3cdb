//! Styles that QGIS picks up when they lie beside a raster under its name (`.qml`).

use super::writer::{WriteError, writing};
use std::fmt::Write;
use std::path::Path;

/// A colour: red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rgb(pub [u8; 3]);

impl Rgb {
    /// As HTML, SVG and QGIS write it: `#rrggbb`.
    pub fn hex(self) -> String {
        let [r, g, b] = self.0;
        format!("#{r:02x}{g:02x}{b:02x}")
    }
}

/// A class of a raster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaletteEntry {
    /// Its value.
    pub value: u32,
    /// Its colour.
    pub color: Rgb,
    /// What people read.
    pub label: String,
}

/// Writes the style of a raster of classes beside it.
///
/// # Errors
/// The file system refuses; the error names the file.
pub fn palette_style(path: &Path, entries: &[PaletteEntry], opacity: f64) -> Result<(), WriteError> {
    let mut items = String::new();
    for entry in entries {
        let label = escape(&entry.label);
        let _ = writeln!(
            items,
            "        <paletteEntry value=\"{}\" color=\"{}\" alpha=\"255\" label=\"{label}\"/>",
            entry.value,
            entry.color.hex(),
        );
    }
    let renderer = format!(
        "    <rasterrenderer type=\"paletted\" band=\"1\" opacity=\"{opacity}\" alphaBand=\"-1\" nodataColor=\"\">\n      \
         <colorPalette>\n{items}      </colorPalette>\n    </rasterrenderer>\n"
    );
    write(path, &renderer)
}

/// Writes the style of a raster of levels beside it: colours between stops `(value, colour)`, values outside the stops
/// in the outermost colours.
///
/// # Errors
/// The file system refuses; the error names the file.
pub fn ramp_style(path: &Path, stops: &[(f64, Rgb)], unit: &str, opacity: f64) -> Result<(), WriteError> {
    let unit = escape(unit);
    let mut items = String::new();
    for (value, color) in stops {
        let label = format!("{} {unit}", value.to_string().replace('-', "−"));
        let _ = writeln!(
            items,
            "            <item value=\"{value}\" color=\"{}\" alpha=\"255\" label=\"{label}\"/>",
            color.hex()
        );
    }
    let (minimum, maximum) = (stops.first().map_or(0.0, |s| s.0), stops.last().map_or(0.0, |s| s.0));
    let renderer = format!(
        "    <rasterrenderer type=\"singlebandpseudocolor\" band=\"1\" opacity=\"{opacity}\" alphaBand=\"-1\" \
         classificationMin=\"{minimum}\" classificationMax=\"{maximum}\" nodataColor=\"\">\n      <rastershader>\n        \
         <colorrampshader colorRampType=\"INTERPOLATED\" classificationMode=\"1\" clip=\"0\" \
         minimumValue=\"{minimum}\" maximumValue=\"{maximum}\">\n{items}        </colorrampshader>\n      \
         </rastershader>\n    </rasterrenderer>\n"
    );
    write(path, &renderer)
}

fn write(path: &Path, renderer: &str) -> Result<(), WriteError> {
    let document = format!(
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n\
         <qgis version=\"3.22.0\" styleCategories=\"Symbology\" hasScaleBasedVisibilityFlag=\"0\">\n  <pipe>\n{renderer}    \
         <rasterresampler maxOversampling=\"2\"/>\n  </pipe>\n  <blendMode>0</blendMode>\n</qgis>\n"
    );
    writing(path, || Ok(std::fs::write(path, document)?))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_hold_every_class_and_escape_labels() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let entry = PaletteEntry { value: 3, color: Rgb([0, 114, 178]), label: "có sóng <\"&\">".into() };
        palette_style(file.path(), &[entry], 0.7).unwrap();
        let text = std::fs::read_to_string(file.path()).unwrap();
        assert!(text.contains(
            "<paletteEntry value=\"3\" color=\"#0072b2\" alpha=\"255\" label=\"có sóng &lt;&quot;&amp;&quot;&gt;\"/>"
        ));
        ramp_style(file.path(), &[(-120.0, Rgb([0, 0, 0])), (-60.0, Rgb([255, 255, 255]))], "dBm", 1.0).unwrap();
        let text = std::fs::read_to_string(file.path()).unwrap();
        assert!(text.contains("minimumValue=\"-120\" maximumValue=\"-60\""));
        assert!(text.contains("label=\"−120 dBm\"") && text.contains("color=\"#ffffff\""));
    }
}
