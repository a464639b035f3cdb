//! Files in and out: one file per format family.
//!
//! [`READERS`] lists what tables are read from, [`WRITERS`] what layers are written to. Rasters go through GDAL both ways.

mod archive;
mod cache_folder;
mod checkpoint;
mod crs;
mod csv_file;
mod csv_table;
mod geojson_file;
mod geopackage;
mod geotiff;
mod hashing;
mod itu_map;
mod layer;
mod ogr_table;
mod qml;
mod raster;
mod rasterize;
mod regular;
mod shapefile;
mod source;
mod spreadsheet;
mod staging;
mod table;
mod text;
mod work_folder;
mod writer;
mod xlsx_file;

pub use cache_folder::{CacheEntry, CacheFault, CacheFolder, PLACE_VARIABLE, Removed, default_cache_place};
pub use checkpoint::Checkpoints;
pub use crs::{ToWgs84, bounds_from_wgs84, bounds_to_wgs84, crs_of_epsg, from_wgs84, to_wgs84};
pub(crate) use csv_file::without_formula;
pub use csv_table::parse as parse_csv;
pub use geotiff::{Overviews, RasterDescription, write_cog, write_plain};
pub use hashing::{sha256_of_file, sha256_of_parts, sha256_of_program};
pub use itu_map::ItuMap;
pub use layer::{Feature, Field, FieldType, GeometryType, Layer, Value};
pub use qml::{PaletteEntry, Rgb, palette_style, ramp_style};
pub use raster::{RasterInfo, describe_raster, files_of_raster, library_versions, quiet_gdal, read_window};
pub use rasterize::rasterize;
pub use regular::refuse_endless;
pub use source::TableSource;
pub use staging::{RUN_RECORD, RUN_SCHEMA, Staging, write_atomically};
pub use table::{READERS, Reader, Table, read_table};
pub use work_folder::discard_unfinished;
pub(crate) use writer::writing;
pub use writer::{WRITERS, WriteCause, WriteError, Writer, find_writer};
