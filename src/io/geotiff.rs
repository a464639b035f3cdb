//! Rasters as GeoTIFF: Cloud-Optimised for an output folder, plain and fast for a single path-loss raster.
//!
//! Everything about a raster lies inside its file (statistics, unit, description, colours); nothing is written beside it.
//! No clock is written, so that the same raster gives the same bytes.

use super::crs::spatial_ref;
use super::qml::PaletteEntry;
use super::writer::{WriteCause, WriteError, writing};
use crate::grid::Grid;
use gdal::raster::{
    Buffer, ColorEntry, ColorInterpretation, ColorTable, GdalType, PaletteInterpretation, RasterCreationOptions,
};
use gdal::{Dataset, DriverManager, Metadata};
use std::ffi::CString;
use std::path::Path;

/// How coarser versions of a raster are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overviews {
    /// Mean of the pixels, for quantities.
    Average,
    /// One of the pixels, for classes and numbers of things.
    Nearest,
}

/// What a raster file says about its values.
#[derive(Debug, Clone)]
pub struct RasterDescription<'a> {
    /// What the values are.
    pub description: &'a str,
    /// Their unit; empty for classes.
    pub unit: &'a str,
    /// The value that means "none"; NaN is one.
    pub nodata: Option<f64>,
    /// How coarser versions are made.
    pub overviews: Overviews,
    /// Colours of classes; only for rasters of bytes.
    pub palette: &'a [PaletteEntry],
    /// More about the file: name and value.
    pub metadata: &'a [(&'static str, String)],
}

/// Rows that are handed to GDAL at once.
const ROWS_AT_ONCE: usize = 256;
/// Size of an uncompressed strip, bytes.
const STRIP_BYTES: usize = 1 << 20;

/// Writes a Cloud-Optimised GeoTIFF: tiles of 512, DEFLATE, overviews.
///
/// # Errors
/// GDAL or the file system refuses; the error names the file.
pub fn write_cog<T>(path: &Path, grid: &Grid<T>, about: &RasterDescription<'_>) -> Result<(), WriteError>
where
    T: GdalType + Copy + Into<f64>,
{
    writing(path, || {
        let driver = DriverManager::get_driver_by_name("MEM")?;
        let mut memory = driver.create_with_band_type::<T, _>("", grid.columns(), grid.rows(), 1)?;
        describe(&mut memory, grid, about)?;
        fill(&memory, grid)?;
        state_statistics(&memory, grid, about.nodata)?;
        let is_float = T::gdal_ordinal() == f32::gdal_ordinal() || T::gdal_ordinal() == f64::gdal_ordinal();
        let resampling = match about.overviews {
            Overviews::Average => "AVERAGE",
            Overviews::Nearest => "NEAREST",
        };
        let options = RasterCreationOptions::from_iter([
            "COMPRESS=DEFLATE",
            if is_float { "PREDICTOR=YES" } else { "PREDICTOR=NO" },
            "BLOCKSIZE=512",
            "OVERVIEWS=IGNORE_EXISTING",
            &format!("RESAMPLING={resampling}"),
            "BIGTIFF=IF_SAFER",
            "NUM_THREADS=ALL_CPUS",
        ]);
        memory.create_copy(&DriverManager::get_driver_by_name("COG")?, path, &options)?.close()?;
        Ok(())
    })
}

/// Writes a GeoTIFF in the fastest layout: strips of about one megabyte, uncompressed unless asked.
///
/// # Errors
/// GDAL or the file system refuses; the error names the file.
pub fn write_plain(
    path: &Path,
    grid: &Grid<f32>,
    about: &RasterDescription<'_>,
    compress: bool,
) -> Result<(), WriteError> {
    writing(path, || {
        let row_bytes = grid.columns().max(1) * size_of::<f32>();
        let strip_rows = (STRIP_BYTES / row_bytes).clamp(1, grid.rows().max(1));
        let options = if compress {
            RasterCreationOptions::from_iter([
                "TILED=YES",
                "BLOCKXSIZE=256",
                "BLOCKYSIZE=256",
                "COMPRESS=DEFLATE",
                "PREDICTOR=3",
                "BIGTIFF=IF_SAFER",
                "NUM_THREADS=ALL_CPUS",
            ])
        } else {
            RasterCreationOptions::from_iter([format!("BLOCKYSIZE={strip_rows}").as_str(), "BIGTIFF=IF_SAFER"])
        };
        let driver = DriverManager::get_driver_by_name("GTiff")?;
        let mut file =
            driver.create_with_band_type_with_options::<f32, _>(path, grid.columns(), grid.rows(), 1, &options)?;
        describe(&mut file, grid, about)?;
        fill(&file, grid)?;
        file.close()?;
        Ok(())
    })
}

fn describe<T>(dataset: &mut Dataset, grid: &Grid<T>, about: &RasterDescription<'_>) -> Result<(), WriteCause> {
    dataset.set_geo_transform(&grid.transform.to_gdal())?;
    dataset.set_spatial_ref(&spatial_ref(&grid.crs)?)?;
    for (name, value) in about.metadata {
        dataset.set_metadata_item(name, value, "")?;
    }
    let mut band = dataset.rasterband(1)?;
    band.set_no_data_value(about.nodata)?;
    band.set_description(about.description)?;
    if !about.unit.is_empty() {
        let unit = CString::new(about.unit).map_err(|e| WriteCause::Content(e.to_string()))?;
        // SAFETY: the band and the text live through the call, which copies the text.
        unsafe { gdal_sys::GDALSetRasterUnitType(band.c_rasterband(), unit.as_ptr()) };
    }
    if !about.palette.is_empty() {
        let mut colors = ColorTable::new(PaletteInterpretation::Rgba);
        for entry in about.palette {
            let [r, g, b] = entry.color.0.map(i16::from);
            let index = u16::try_from(entry.value)
                .map_err(|_| WriteCause::Content(format!("class {} has no place in a colour table", entry.value)))?;
            colors.set_color_entry(index, &ColorEntry::rgba(r, g, b, 255));
        }
        band.set_color_table(&colors);
        band.set_color_interpretation(ColorInterpretation::PaletteIndex)?;
    }
    Ok(())
}

fn fill<T: GdalType + Copy>(dataset: &Dataset, grid: &Grid<T>) -> Result<(), WriteCause> {
    let mut band = dataset.rasterband(1)?;
    let columns = grid.columns();
    for (block, rows) in grid.values.axis_chunks_iter(ndarray::Axis(0), ROWS_AT_ONCE).enumerate() {
        let mut buffer = Buffer::new((columns, rows.nrows()), rows.iter().copied().collect());
        let top = isize::try_from(block * ROWS_AT_ONCE).map_err(|e| WriteCause::Content(e.to_string()))?;
        band.write((0, top), (columns, rows.nrows()), &mut buffer)?;
    }
    Ok(())
}

/// States minimum, maximum, mean, standard deviation and share of values inside the file, as GDAL would beside it.
fn state_statistics<T: Copy + Into<f64>>(
    dataset: &Dataset,
    grid: &Grid<T>,
    nodata: Option<f64>,
) -> Result<(), WriteCause> {
    let values = || {
        let all = grid.values.iter().map(|&v| v.into());
        all.filter(move |v: &f64| v.is_finite() && Some(*v) != nodata)
    };
    let (mut count, mut minimum, mut maximum, mut sum) = (0u64, f64::INFINITY, f64::NEG_INFINITY, 0.0);
    for value in values() {
        count += 1;
        minimum = minimum.min(value);
        maximum = maximum.max(value);
        sum += value;
    }
    if count == 0 {
        return Ok(());
    }
    let mean = sum / count as f64;
    let deviation = (values().map(|v| (v - mean).powi(2)).sum::<f64>() / count as f64).sqrt();
    let valid = 100.0 * count as f64 / grid.values.len() as f64;
    let mut band = dataset.rasterband(1)?;
    for (name, value) in [
        ("STATISTICS_MINIMUM", minimum.to_string()),
        ("STATISTICS_MAXIMUM", maximum.to_string()),
        ("STATISTICS_MEAN", format!("{mean:.6}")),
        ("STATISTICS_STDDEV", format!("{deviation:.6}")),
        ("STATISTICS_VALID_PERCENT", format!("{valid:.4}")),
    ] {
        band.set_metadata_item(name, &value, "")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::GeoTransform;
    use crate::io::qml::Rgb;
    use crate::io::{crs_of_epsg, describe_raster, read_window};
    use gdal::config::{clear_config_option, set_config_option};
    use ndarray::Array2;

    fn levels() -> Grid<f32> {
        let value =
            |(r, c): (usize, usize)| if c < 40 { f32::NAN } else { -60.0 - ((r * 7 + c * 3) % 600) as f32 / 10.0 };
        Grid {
            values: Array2::from_shape_fn((700, 1100), value),
            transform: GeoTransform { west: 105.5, north: 23.0, pixel_width: 0.001, pixel_height: 0.001 },
            crs: crs_of_epsg(4326).unwrap(),
        }
    }

    fn about<'a>(palette: &'a [PaletteEntry], metadata: &'a [(&'static str, String)]) -> RasterDescription<'a> {
        let (unit, nodata, overviews) = if palette.is_empty() {
            ("dBm", Some(f64::NAN), Overviews::Average)
        } else {
            ("", None, Overviews::Nearest)
        };
        RasterDescription { description: "LTE RSRP", unit, nodata, overviews, palette, metadata }
    }

    #[test]
    fn levels_are_cloud_optimised_complete_and_repeatable() {
        let folder = tempfile::tempdir().unwrap();
        let metadata = [("STUDY", "Cao Bằng & <demo>".to_owned())];
        let mut written = Vec::new();
        for threads in ["1", "3"] {
            set_config_option("GDAL_NUM_THREADS", threads).unwrap();
            let file = folder.path().join(format!("{threads}.tif"));
            write_cog(&file, &levels(), &about(&[], &metadata)).unwrap();
            written.push(std::fs::read(file).unwrap());
        }
        clear_config_option("GDAL_NUM_THREADS").unwrap();
        assert!(written[0] == written[1]);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "nothing is written beside a raster");

        let file = folder.path().join("1.tif");
        let dataset = Dataset::open(&file).unwrap();
        assert_eq!(dataset.metadata_item("LAYOUT", "IMAGE_STRUCTURE").as_deref(), Some("COG"));
        assert_eq!(dataset.metadata_item("STUDY", "").as_deref(), Some("Cao Bằng & <demo>"));
        let band = dataset.rasterband(1).unwrap();
        assert_eq!((band.unit().as_str(), band.description().unwrap().as_str()), ("dBm", "LTE RSRP"));
        assert!(band.no_data_value().is_some_and(f64::is_nan));
        assert!(band.overview_count().unwrap() >= 1);
        assert!(band.metadata_item("STATISTICS_MAXIMUM", "").is_some_and(|v| v.starts_with("-60")));
        let info = describe_raster(&file, "1.tif").unwrap();
        let back = read_window(&info, &info.crs, &info.transform, info.size).unwrap();
        assert!(back.iter().zip(levels().values.iter()).all(|(a, b)| a == b || (a.is_nan() && b.is_nan())));
    }

    #[test]
    fn classes_have_colours() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("status.tif");
        let grid = levels();
        let classes = Grid {
            values: grid.values.mapv(|v| u8::from(v > -80.0) + 1),
            transform: grid.transform,
            crs: grid.crs.clone(),
        };
        let palette = [PaletteEntry { value: 2, color: Rgb([1, 2, 3]), label: "served".into() }];
        write_cog(&file, &classes, &about(&palette, &[])).unwrap();
        let dataset = Dataset::open(&file).unwrap();
        assert_eq!(dataset.metadata_item("LAYOUT", "IMAGE_STRUCTURE").as_deref(), Some("COG"));
        let band = dataset.rasterband(1).unwrap();
        let colors = band.color_table().unwrap();
        let served = colors.entry_as_rgb(2).unwrap();
        assert_eq!((served.r, served.g, served.b), (1, 2, 3));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_plain_raster_is_exact_with_and_without_compression() {
        let folder = tempfile::tempdir().unwrap();
        for compress in [false, true] {
            let file = folder.path().join("loss.tif");
            write_plain(&file, &levels(), &about(&[], &[]), compress).unwrap();
            let info = describe_raster(&file, "loss.tif").unwrap();
            let back = read_window(&info, &info.crs, &info.transform, info.size).unwrap();
            assert!(back.iter().zip(levels().values.iter()).all(|(a, b)| a == b || (a.is_nan() && b.is_nan())));
            let compression = Dataset::open(&file).unwrap().metadata_item("COMPRESSION", "IMAGE_STRUCTURE");
            assert_eq!(compression.is_some(), compress);
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
