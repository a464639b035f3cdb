//! Rasters through GDAL: what a file holds, and windows of it on a given frame.

use super::archive;
use super::crs::{bounds_to_wgs84, tied, to_crs};
use super::regular::refuse_endless;
use crate::geodesy::BoundingBox;
use crate::grid::{Crs, GeoTransform};
use crate::problem::Problem;
use gdal::errors::GdalError;
use gdal::raster::{Buffer, GdalDataType, GdalType, RasterBand};
use gdal::{Dataset, DriverManager};
use ndarray::{Array2, ArrayViewMut2, s};
use std::collections::{BTreeMap, HashSet};
use std::ffi::{CStr, CString};
use std::path::{Path, PathBuf};
use std::ptr;

/// What a raster file holds.
#[derive(Debug, Clone)]
pub struct RasterInfo {
    /// The file.
    pub path: PathBuf,
    /// Its name in messages.
    pub name: String,
    /// Rows and columns.
    pub size: (usize, usize),
    /// Where its pixels lie.
    pub transform: GeoTransform,
    /// Coordinate reference system.
    pub crs: Crs,
    /// Extent on WGS 84.
    pub bounds: BoundingBox,
    /// Unit of the first band's values; empty where the file does not say.
    pub unit: String,
}

/// Size of GDAL's cache of blocks, MB. Its own default is a share of the machine's memory; blocks here are read once.
const CACHE_MB: &str = "256";

/// File name extensions of elevation rasters that may stand inside an archive.
const IN_ARCHIVES: [&str; 6] = ["hgt", "tif", "tiff", "asc", "img", "dem"];

/// Keeps GDAL from printing (what it says comes back as errors, with the file's name) and from taking more memory for its
/// cache than it needs, unless `GDAL_CACHEMAX` in the environment says how much.
pub fn quiet_gdal() {
    gdal::config::set_error_handler(|_, _, _| {});
    if std::env::var_os("GDAL_CACHEMAX").is_none() {
        // Only a name or value with a zero byte could fail.
        let _ = gdal::config::set_config_option("GDAL_CACHEMAX", CACHE_MB);
    }
}

/// Versions of the libraries that decide on results.
pub fn library_versions() -> BTreeMap<&'static str, String> {
    let gdal = gdal::version::VersionInfo::release_name();
    BTreeMap::from([("gdal", gdal), ("proj", proj_version())])
}

/// All files that a raster is read from, itself first: what stands beside it, and of a mosaic (VRT) its parts, however deep. Of what GDAL
/// cannot open only itself.
pub fn files_of_raster(path: &Path) -> Vec<PathBuf> {
    let mut files = vec![path.to_owned()];
    let mut seen: HashSet<PathBuf> = files.iter().cloned().collect();
    let mut next = 0;
    while let Some(file) = files.get(next) {
        // of the parts only mosaics have parts of their own
        if next == 0 || file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("vrt")) {
            let listed = listed_files(file);
            files.extend(listed.into_iter().filter(|file| seen.insert(file.clone())));
        }
        next += 1;
    }
    files
}

/// The files that GDAL names for one.
fn listed_files(path: &Path) -> Vec<PathBuf> {
    let Ok(dataset) = Dataset::open(path) else { return Vec::new() };
    let mut files = Vec::new();
    // SAFETY: the data set outlives the call; the list, which may be null, ends with a null pointer, holds texts that end with a zero
    // byte, and is freed once.
    unsafe {
        let list = gdal_sys::GDALGetFileList(dataset.c_dataset());
        let mut at = list;
        while !at.is_null() && !(*at).is_null() {
            files.push(PathBuf::from(CStr::from_ptr(*at).to_string_lossy().into_owned()));
            at = at.add(1);
        }
        gdal_sys::CSLDestroy(list);
    }
    files
}

fn proj_version() -> String {
    let (mut major, mut minor, mut patch) = (0, 0, 0);
    // SAFETY: the three pointers are to live, writable integers, which is all the function asks for.
    unsafe { gdal_sys::OSRGetPROJVersion(&mut major, &mut minor, &mut patch) };
    format!("{major}.{minor}.{patch}")
}

/// Looks at a raster file without reading its pixels.
///
/// # Errors
/// The file does not exist, is no raster, has no coordinate system, or is rotated.
pub fn describe_raster(path: &Path, name: &str) -> Result<RasterInfo, Problem> {
    if !path.exists() {
        return Err(Problem::error(name, "file does not exist"));
    }
    refuse_endless(path, name)?;
    let fail = |error: GdalError| Problem::error(name, format!("cannot be read as a raster: {error}"));
    let not_opened = |error: GdalError| match error {
        _ if path.is_dir() => Problem::error(name, "is a folder and cannot be read as a raster; name a file"),
        GdalError::NullPointer { msg, .. } if msg.is_empty() => {
            Problem::error(name, "cannot be read as a raster: it is of no format that GDAL knows")
        }
        GdalError::NullPointer { msg, .. } => Problem::error(name, format!("cannot be read as a raster: {msg}")),
        error => fail(error),
    };
    let path = archive::inside(path, name, &IN_ARCHIVES)?;
    let dataset = Dataset::open(&path).map_err(not_opened)?;
    let (columns, rows) = dataset.raster_size();
    if dataset.raster_count() == 0 || columns == 0 || rows == 0 {
        return Err(Problem::error(name, "holds no raster band"));
    }
    let no_place = |()| Problem::error(name, "has no position (geotransform); it is no georeferenced raster");
    let [west, pixel_width, skew_x, north, skew_y, minus_height] = dataset.geo_transform().map_err(|_| no_place(()))?;
    if ![west, north, pixel_width, minus_height].into_iter().all(f64::is_finite) {
        return Err(no_place(()));
    }
    if skew_x != 0.0 || skew_y != 0.0 || pixel_width <= 0.0 || minus_height >= 0.0 {
        return Err(Problem::error(name, "is rotated or not north-up").suggest("gdalwarp straightens it"));
    }
    let spatial_ref = dataset.spatial_ref().map_err(|_| {
        Problem::error(name, "has no coordinate reference system").suggest("gdal_edit.py -a_srs EPSG:… states it")
    })?;
    let crs = to_crs(spatial_ref).map_err(fail)?;
    let transform = GeoTransform { west, north, pixel_width, pixel_height: -minus_height };
    let corners = [west, north - rows as f64 * transform.pixel_height, west + columns as f64 * pixel_width, north];
    let bounds = bounds_to_wgs84(&crs, corners).map_err(fail)?;
    let unit = dataset.rasterband(1).map_err(fail)?.unit();
    Ok(RasterInfo { path, name: name.to_owned(), size: (rows, columns), transform, crs, bounds, unit })
}

/// Values of a raster's first band on a frame, its scale and offset applied: NaN where it has none. Pixels that coincide with the frame's are
/// copied, others are interpolated bilinearly.
pub fn read_window(
    info: &RasterInfo,
    crs: &Crs,
    frame: &GeoTransform,
    size: (usize, usize),
) -> Result<Array2<f32>, Problem> {
    let fail = |error: GdalError| Problem::error(&info.name, format!("cannot be read: {error}"));
    let dataset = Dataset::open(&info.path).map_err(fail)?;
    let mut values = match offset_on(info, crs, frame) {
        Some(offset) => copy_window(&dataset, info.size, offset, size).map_err(fail)?,
        None => warp_window(&dataset, &info.crs, crs, frame, size).map_err(fail)?,
    };
    let band = dataset.rasterband(1).map_err(fail)?;
    let (scale, offset) = (band.scale().unwrap_or(1.0), band.offset().unwrap_or(0.0));
    if (scale, offset) != (1.0, 0.0) {
        values.mapv_inplace(|v| (f64::from(v) * scale + offset) as f32);
    }
    Ok(values)
}

/// Row and column of the frame's first pixel in the raster, when the pixels of both coincide.
fn offset_on(info: &RasterInfo, crs: &Crs, frame: &GeoTransform) -> Option<(isize, isize)> {
    let same = |a: f64, b: f64| (a / b - 1.0).abs() < 1e-9;
    let t = &info.transform;
    if info.crs != *crs || !same(t.pixel_width, frame.pixel_width) || !same(t.pixel_height, frame.pixel_height) {
        return None;
    }
    let column = (frame.west - t.west) / t.pixel_width;
    let row = (t.north - frame.north) / t.pixel_height;
    let whole = |v: f64| (v - v.round()).abs() < 1e-3;
    (whole(row) && whole(column)).then_some((row.round() as isize, column.round() as isize))
}

fn copy_window(
    dataset: &Dataset,
    (rows, columns): (usize, usize),
    (row, column): (isize, isize),
    size: (usize, usize),
) -> Result<Array2<f32>, GdalError> {
    let mut values = Array2::from_elem(size, f32::NAN);
    let overlap = |offset: isize, wanted: usize, available: usize| {
        let start = offset.max(0);
        let end = (offset + wanted as isize).min(available as isize);
        (end > start).then(|| (start, (end - start) as usize, (start - offset) as usize))
    };
    let (Some((r, height, r_out)), Some((c, width, c_out))) =
        (overlap(row, size.0, rows), overlap(column, size.1, columns))
    else {
        return Ok(values);
    };
    let target = values.slice_mut(s![r_out..r_out + height, c_out..c_out + width]);
    let (from, shape) = ((c, r), (width, height));
    let band = dataset.rasterband(1)?;
    match band.band_type() {
        GdalDataType::UInt8 | GdalDataType::UInt16 | GdalDataType::Int16 | GdalDataType::Float32 => {
            copy_known::<f32>(&band, from, shape, target)?;
        }
        _ => copy_known::<f64>(&band, from, shape, target)?,
    }
    Ok(values)
}

/// Copies what a part of a band holds, read as `T`, and leaves the target as it is where a value is missing.
fn copy_known<T: GdalType + Copy + Into<f64>>(
    band: &RasterBand<'_>,
    from: (isize, isize),
    (width, height): (usize, usize),
    target: ArrayViewMut2<'_, f32>,
) -> Result<(), GdalError> {
    let buffer = band.read_as::<T>(from, (width, height), (width, height), None)?;
    let missing = band.no_data_value();
    let read = Array2::from_shape_vec((height, width), buffer.into_shape_and_vec().1)
        .map_err(|_| GdalError::BadArgument("window of an unexpected size".into()))?;
    ndarray::Zip::from(target).and(&read).for_each(|out, &v| {
        let v: f64 = v.into();
        if v.is_finite() && missing != Some(v) {
            *out = v as f32;
        }
    });
    Ok(())
}

fn warp_window(
    dataset: &Dataset,
    from: &Crs,
    crs: &Crs,
    frame: &GeoTransform,
    (rows, columns): (usize, usize),
) -> Result<Array2<f32>, GdalError> {
    let mut target = DriverManager::get_driver_by_name("MEM")?.create_with_band_type::<f32, _>("", columns, rows, 1)?;
    target.set_geo_transform(&frame.to_gdal())?;
    let mut band = target.rasterband(1)?;
    band.set_no_data_value(Some(f64::NAN))?;
    let mut unknown = Buffer::new((columns, rows), vec![f32::NAN; rows * columns]);
    band.write((0, 0), (columns, rows), &mut unknown)?;
    reproject(dataset, from, &target, crs)?;
    let buffer = target.rasterband(1)?.read_as::<f32>((0, 0), (columns, rows), (columns, rows), None)?;
    let (_, values) = buffer.into_shape_and_vec();
    Array2::from_shape_vec((rows, columns), values)
        .map_err(|_| GdalError::BadArgument("window of an unexpected size".into()))
}

/// Interpolates a raster bilinearly on the pixels of another one, each in the system given with it.
fn reproject(dataset: &Dataset, from: &Crs, target: &Dataset, to: &Crs) -> Result<(), GdalError> {
    let wkt = |crs: &Crs| Ok::<_, GdalError>(CString::new(tied(crs)?.to_wkt()?)?);
    let (from, to) = (wkt(from)?, wkt(to)?);
    // SAFETY: both data sets and both texts outlive the call; the null pointers stand for no progress and no options.
    let result = unsafe {
        gdal_sys::GDALReprojectImage(
            dataset.c_dataset(),
            from.as_ptr(),
            target.c_dataset(),
            to.as_ptr(),
            gdal_sys::GDALResampleAlg::GRA_Bilinear,
            0.0,
            0.0,
            None,
            ptr::null_mut(),
            ptr::null_mut(),
        )
    };
    if result == gdal_sys::CPLErr::CE_None {
        return Ok(());
    }
    // SAFETY: the library gives a text of its own that stays until the next error on this thread.
    let message = unsafe { CStr::from_ptr(gdal_sys::CPLGetLastErrorMsg()) };
    Err(GdalError::BadArgument(message.to_string_lossy().into_owned()))
}
