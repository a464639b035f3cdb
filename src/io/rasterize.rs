//! Areas drawn on the pixels of a raster.

use super::crs::{spatial_ref, tied, wgs84};
use crate::grid::Grid;
use gdal::DriverManager;
use gdal::errors::GdalError;
use gdal::raster::rasterize as gdal_rasterize;
use gdal::spatial_ref::CoordTransform;
use gdal::vector::{Geometry, ToGdal};
use geo::MultiPolygon;
use ndarray::Array2;

/// In which of the areas (WGS 84 degrees) each pixel of a raster has its centre: the number of the area, from 1; the last of several, and 0
/// where there is none.
///
/// # Errors
/// GDAL cannot draw them; there are more than 65,535.
pub fn rasterize<'a>(
    grid: &Grid<f32>,
    areas: impl IntoIterator<Item = &'a MultiPolygon<f64>>,
) -> Result<Array2<u16>, GdalError> {
    let crs = spatial_ref(&grid.crs)?;
    let transform = match grid.crs.is_wgs84_degrees {
        true => None,
        false => Some(CoordTransform::new(&wgs84()?, &tied(&grid.crs)?)?),
    };
    let mut shapes: Vec<Geometry> = Vec::new();
    for area in areas {
        let shape = area.to_gdal()?;
        shapes.push(match &transform {
            Some(transform) => shape.transform(transform)?,
            None => shape,
        });
    }
    let (rows, columns) = grid.values.dim();
    if shapes.is_empty() {
        return Ok(Array2::zeros((rows, columns)));
    }
    let most = u16::try_from(shapes.len()).map_err(|_| GdalError::BadArgument("more than 65,535 areas".into()))?;
    let mut target = DriverManager::get_driver_by_name("MEM")?.create_with_band_type::<u16, _>("", columns, rows, 1)?;
    target.set_geo_transform(&grid.transform.to_gdal())?;
    target.set_spatial_ref(&crs)?;
    let numbers: Vec<f64> = (1..=most).map(f64::from).collect();
    gdal_rasterize(&mut target, &[1], &shapes, &numbers, None)?;
    let (_, drawn) = target.rasterband(1)?.read_band_as::<u16>()?.into_shape_and_vec();
    Array2::from_shape_vec((rows, columns), drawn)
        .map_err(|_| GdalError::BadArgument("areas drawn on an unexpected size".into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::GeoTransform;
    use crate::io::crs_of_epsg;
    use geo::{Contains, Point, polygon};

    #[test]
    fn a_pixel_is_inside_when_its_centre_is() {
        let transform = GeoTransform { west: 106.0, north: 23.0, pixel_width: 0.01, pixel_height: 0.01 };
        let grid = Grid { values: Array2::from_elem((20, 30), 0.0), transform, crs: crs_of_epsg(4326).unwrap() };
        let area = MultiPolygon::new(vec![
            polygon![(x: 106.033, y: 22.97), (x: 106.21, y: 22.951), (x: 106.12, y: 22.83), (x: 106.033, y: 22.97)],
        ]);
        let other = MultiPolygon::new(vec![
            polygon![(x: 106.1, y: 22.9), (x: 106.28, y: 22.95), (x: 106.2, y: 22.82), (x: 106.1, y: 22.9)],
        ]);
        let drawn = rasterize(&grid, [&area, &other]).unwrap();
        for ((row, column), &number) in drawn.indexed_iter() {
            let (x, y) = transform.center(row as f64, column as f64);
            let within = |area: &MultiPolygon<f64>| area.contains(&Point::new(x, y));
            let expected = if within(&other) { 2 } else { u16::from(within(&area)) };
            assert_eq!(number, expected, "{row} {column}");
        }
        assert!(rasterize(&grid, []).unwrap().iter().all(|&number| number == 0));
    }
}
