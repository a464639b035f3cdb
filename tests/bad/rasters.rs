//! Elevation rasters, made here with GDAL where their bytes do not matter.

use super::case::Case;
use gdal::raster::Buffer;
use gdal::spatial_ref::SpatialRef;
use gdal::{DriverManager, GeoTransform};

/// An ESRI ASCII grid as a whole, and what is said of it.
const GRIDS: &[(&str, &str)] = &[
    ("", "t.asc: cannot be read as a raster"),
    ("ncols\n", "t.asc: cannot be read as a raster"),
    ("ncols 2\nnrows 2\n", "t.asc"),
    ("ncols 0\nnrows 0\nxllcorner 106\nyllcorner 22\ncellsize 0.1\n", "t.asc"),
    ("ncols 2000000000\nnrows 2000000000\nxllcorner 106\nyllcorner 22\ncellsize 0.1\n1\n", "t.asc"),
    ("ncols 2\nnrows 2\nxllcorner 106\nyllcorner 22\ncellsize -1\n1 2 3 4\n", "t.asc"),
    ("ncols 2\nnrows 2\nxllcorner 106\nyllcorner 22\ncellsize 0\n1 2 3 4\n", "t.asc"),
    ("ncols 2\nnrows 2\nxllcorner nan\nyllcorner 22\ncellsize 1\n1 2 3 4\n", "t.asc"),
    ("ncols 2\nnrows 2\nxllcorner 106\nyllcorner 22\ncellsize 1\n1 2\n", "t.asc"),
    (
        "ncols 2\nnrows 2\nxllcorner 106\nyllcorner 22\ncellsize 1\n1 2 3 4\n",
        "t.asc: has no coordinate reference system",
    ),
];

/// A GeoTIFF of 20 × 20 pixels over the small study.
struct Tif {
    epsg: Option<u32>,
    transform: Option<GeoTransform>,
    unit: &'static str,
    height: f32,
    bands: usize,
}

impl Default for Tif {
    fn default() -> Self {
        let transform = Some([106.0, 0.005, 0.0, 22.6, 0.0, -0.005]);
        Self { epsg: Some(4326), transform, unit: "", height: 200.0, bands: 1 }
    }
}

impl Tif {
    fn bytes(&self) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.tif");
        let driver = DriverManager::get_driver_by_name("GTiff").unwrap();
        let mut dataset = driver.create_with_band_type::<f32, _>(&path, 20, 20, self.bands).unwrap();
        if let Some(transform) = &self.transform {
            dataset.set_geo_transform(transform).unwrap();
        }
        if let Some(epsg) = self.epsg {
            dataset.set_spatial_ref(&SpatialRef::from_epsg(epsg).unwrap()).unwrap();
        }
        for band in 1..=self.bands {
            let mut band = dataset.rasterband(band).unwrap();
            band.set_no_data_value(Some(-9999.0)).unwrap();
            band.write((0, 0), (20, 20), &mut Buffer::new((20, 20), vec![self.height; 400])).unwrap();
            if !self.unit.is_empty() {
                let unit = std::ffi::CString::new(self.unit).unwrap();
                // SAFETY: the band lives as long as the dataset, and the text ends with a zero byte.
                unsafe { gdal_sys::GDALSetRasterUnitType(band.c_rasterband(), unit.as_ptr()) };
            }
        }
        dataset.close().unwrap();
        std::fs::read(&path).unwrap()
    }
}

pub(crate) fn cases() -> Vec<Case> {
    notspot::io::quiet_gdal();
    let mut cases: Vec<Case> =
        GRIDS.iter().map(|(text, says)| Case::input("terrain", "t.asc", *text, &[says])).collect();
    let tif = |name: &str, tif: Tif, says: &str| Case {
        name: format!("terrain: {name}"),
        ..Case::input("terrain", "t.tif", tif.bytes(), &[says])
    };
    let at = |transform: GeoTransform| Tif { transform: Some(transform), ..Tif::default() };
    cases.extend([
        tif("no CRS", Tif { epsg: None, ..Tif::default() }, "has no coordinate reference system"),
        tif("no position", Tif { transform: None, ..Tif::default() }, "has no position"),
        tif("neither", Tif { transform: None, epsg: None, ..Tif::default() }, "has no"),
        tif("rotated", at([106.0, 0.005, 0.001, 22.6, 0.001, -0.005]), "is rotated or not north-up"),
        tif("south-up", at([106.0, 0.005, 0.0, 22.5, 0.0, 0.005]), "is rotated or not north-up"),
        tif("mirrored", at([106.1, -0.005, 0.0, 22.6, 0.0, -0.005]), "is rotated or not north-up"),
        tif("elsewhere", at([10.0, 0.005, 0.0, 50.0, 0.0, -0.005]), "the terrain covers 10.0000–10.1000 E"),
        tif("beyond the pole", at([106.0, 0.005, 0.0, 122.6, 0.0, -0.005]), "t.tif"),
        tif("infinite pixels", at([106.0, f64::INFINITY, 0.0, 22.6, 0.0, -0.005]), "t.tif"),
        tif("a position that is no number", at([f64::NAN, 0.005, 0.0, 22.6, 0.0, -0.005]), "t.tif"),
        tif("degrees called metres", Tif { epsg: Some(32648), ..Tif::default() }, "t.tif"),
        tif("feet", Tif { unit: "ft", ..Tif::default() }, "unit = \"ft\": is no elevation in metres"),
        tif("decibels", Tif { unit: "dB", ..Tif::default() }, "unit = \"dB\": is no elevation in metres"),
        tif("all void", Tif { height: -9999.0, ..Tif::default() }, "has no terrain height"),
        tif("all impossible", Tif { height: 1e30, ..Tif::default() }, "have heights outside -500 to 9000 m"),
        tif("all NaN", Tif { height: f32::NAN, ..Tif::default() }, "has no terrain height"),
        tif("a geocentric system", Tif { epsg: Some(4978), ..Tif::default() }, "t.tif"),
        tif("a vertical system", Tif { epsg: Some(5773), ..Tif::default() }, "t.tif"),
    ]);
    let says = "inputs.population = \"1000000000000000000000000000000\": row 0, column 0 (from 0) has more than 10000000 people";
    let people = Case::input("population", "t.tif", Tif { height: 1e30, ..Tif::default() }.bytes(), &[says]);
    cases.push(Case { name: "population: more than live on earth".into(), ..people });
    let whole = Tif::default().bytes();
    for keep in [0, 1, 4, 8, 100, whole.len() - 800] {
        let cut = Case::input("terrain", "t.tif", &whole[..keep], &["t.tif"]);
        cases.push(Case { name: format!("terrain: a GeoTIFF cut to {keep} bytes"), ..cut });
    }
    cases.push(Case::input("terrain", "t.tif", "this is no raster\n", &["t.tif: cannot be read as a raster"]));
    cases.push(Case::input("terrain", "N22E106.hgt", vec![0; 1000], &["N22E106.hgt: cannot be read as a raster"]));
    cases.push(Case::input("terrain", "dem.hgt", vec![0; 1201 * 1201 * 2], &["dem.hgt: cannot be read as a raster"]));
    cases.push(Case::input("terrain", "t.vrt", "<VRTDataset", &["t.vrt: cannot be read as a raster"]));
    let vrt = "<VRTDataset rasterXSize=\"2\" rasterYSize=\"2\"><VRTRasterBand dataType=\"Float32\" band=\"1\"><SimpleSource>\
               <SourceFilename>t.vrt</SourceFilename><SourceBand>1</SourceBand></SimpleSource></VRTRasterBand></VRTDataset>";
    cases.push(Case::input("terrain", "t.vrt", vrt, &["t.vrt"]));
    cases
}
