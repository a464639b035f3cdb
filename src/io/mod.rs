//! Files in and out: one file per format family.
//!
//! [`READERS`] lists what tables are read from, [`WRITERS`] what layers are written to. Rasters go through GDAL both ways.

mod csv_table;
mod layer;
mod ogr_table;
mod raster;
mod rasterize;
mod staging;
mod table;

pub use layer::{Feature, Field, FieldType, GeometryType, Layer, Value};
pub use raster::{
    RasterInfo, bounds_from_wgs84, crs_of_epsg, describe_raster, from_wgs84, library_versions, quiet_gdal, read_window,
    to_wgs84,
};
pub use rasterize::rasterize;
pub use staging::{Staging, sha256_of_file, write_atomically};
pub use table::{READERS, Reader, Table, read_table, table_path};
