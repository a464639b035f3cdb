//! Layers as one GeoPackage: WGS 84, geometry columns with a spatial index, values in full precision.
//!
//! The only clock in the format is `gpkg_contents.last_change`; it states the date that the caller gives, so that the
//! same layers give the same bytes.

use super::crs::wgs84;
use super::writer::{WriteCause, WriteError, writing};
use super::{Feature, FieldType, GeometryType, Layer, Value};
use gdal::DriverManager;
use gdal::config::{clear_thread_local_config_option, set_thread_local_config_option};
use gdal::errors::GdalError;
use gdal::spatial_ref::SpatialRef;
use gdal::vector::{
    Feature as OgrFeature, Layer as OgrLayer, LayerAccess, LayerOptions, OGRFieldType, OGRwkbGeometryType, ToGdal,
};
use geo::{Geometry, MultiPolygon};
use std::ffi::CString;
use std::path::Path;

/// GDAL's option for the date that new tables state.
const CURRENT_DATE: &str = "OGR_CURRENT_DATE";

/// Writes all layers.
pub(super) fn write(layers: &[Layer], path: &Path, date: &str) -> Result<(), WriteError> {
    writing(path, || {
        set_thread_local_config_option(CURRENT_DATE, &format!("{date}T00:00:00.000Z"))?;
        let written = write_dated(layers, path);
        clear_thread_local_config_option(CURRENT_DATE)?;
        written
    })
}

fn write_dated(layers: &[Layer], path: &Path) -> Result<(), WriteCause> {
    let crs = wgs84()?;
    let mut dataset = DriverManager::get_driver_by_name("GPKG")?.create_vector_only(path)?;
    for layer in layers {
        let mut transaction = dataset.start_transaction()?; // one commit a layer, not one a feature
        write_layer(&mut transaction, layer, &crs)?;
        transaction.commit()?;
    }
    dataset.close()?;
    Ok(())
}

fn write_layer(dataset: &mut gdal::Dataset, layer: &Layer, crs: &SpatialRef) -> Result<(), WriteCause> {
    let kind = match layer.geometry {
        GeometryType::Point => OGRwkbGeometryType::wkbPoint,
        GeometryType::LineString => OGRwkbGeometryType::wkbLineString,
        GeometryType::MultiPolygon => OGRwkbGeometryType::wkbMultiPolygon,
    };
    let description = format!("DESCRIPTION={}", layer.description);
    let options = ["FID=fid", "GEOMETRY_NAME=geom", "SPATIAL_INDEX=YES", &description];
    let mut table =
        dataset.create_layer(LayerOptions { name: layer.name, srs: Some(crs), ty: kind, options: Some(&options) })?;
    for field in &layer.fields {
        add_field(&table, field.name, field.kind)?;
    }
    for feature in &layer.features {
        add_feature(&mut table, feature, layer)?;
    }
    Ok(())
}

fn add_field(table: &OgrLayer<'_>, name: &str, kind: FieldType) -> Result<(), GdalError> {
    let stored = match kind {
        FieldType::Text => OGRFieldType::OFTString,
        FieldType::Integer => OGRFieldType::OFTInteger64,
        FieldType::Real { .. } => OGRFieldType::OFTReal,
        FieldType::Boolean => OGRFieldType::OFTInteger,
    };
    let name = CString::new(name)?;
    // SAFETY: the definition is made, used and destroyed here; the layer copies it and lives through the call.
    let refused = unsafe {
        let field = gdal_sys::OGR_Fld_Create(name.as_ptr(), stored);
        if kind == FieldType::Boolean {
            gdal_sys::OGR_Fld_SetSubType(field, gdal_sys::OGRFieldSubType::OFSTBoolean);
        }
        let code = gdal_sys::OGR_L_CreateField(table.c_layer(), field, 0);
        gdal_sys::OGR_Fld_Destroy(field);
        code
    };
    match refused {
        gdal_sys::OGRErr::OGRERR_NONE => Ok(()),
        err => Err(GdalError::OgrError { err, method_name: "OGR_L_CreateField" }),
    }
}

fn add_feature(table: &mut OgrLayer<'_>, feature: &Feature, layer: &Layer) -> Result<(), WriteCause> {
    let mut row = OgrFeature::new(table.defn())?;
    for (index, value) in feature.values.iter().enumerate() {
        match value {
            Value::Null => row.set_field_null(index)?,
            Value::Text(text) => row.set_field_string(index, text)?,
            Value::Integer(number) => row.set_field_integer64(index, *number)?,
            Value::Real(number) => row.set_field_double(index, *number)?,
            Value::Boolean(yes) => row.set_field_integer(index, i32::from(*yes))?,
        }
    }
    row.set_geometry(geometry(&feature.geometry, layer)?)?;
    row.create(table)?;
    Ok(())
}

fn geometry(geometry: &Geometry<f64>, layer: &Layer) -> Result<gdal::vector::Geometry, WriteCause> {
    Ok(match (geometry, layer.geometry) {
        (Geometry::Point(point), GeometryType::Point) => point.to_gdal()?,
        (Geometry::LineString(line), GeometryType::LineString) => line.to_gdal()?,
        (Geometry::Polygon(area), GeometryType::MultiPolygon) => MultiPolygon::new(vec![area.clone()]).to_gdal()?,
        (Geometry::MultiPolygon(areas), GeometryType::MultiPolygon) => areas.to_gdal()?,
        _ => return Err(WriteCause::Content(format!("layer {} holds geometries of several kinds", layer.name))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::writer::tests::layers;
    use gdal::vector::FieldValue;

    #[test]
    fn layers_come_back_with_types_values_and_date() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("notspot.gpkg");
        write(&layers(), &file, "2026-03-04").unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no journal stays behind");
        let dataset = gdal::Dataset::open(&file).unwrap();
        assert_eq!(dataset.layer_count(), 3);
        let mut villages = dataset.layer_by_name("villages").unwrap();
        assert_eq!(villages.spatial_ref().unwrap().auth_code().unwrap(), 4326);
        let names: Vec<String> = villages.defn().fields().map(|f| f.name()).collect();
        assert_eq!(names, ["id", "name", "people", "level_dbm", "is_gap"]);
        let first = villages.features().next().unwrap();
        assert_eq!(first.field_as_integer64(2).unwrap(), Some(9_007_199_254_740_993));
        assert_eq!(first.field(3).unwrap(), Some(FieldValue::RealValue(-101.26)));
        assert_eq!(first.field_as_string(1).unwrap().as_deref(), Some("Xóm \"Lũng, Mật\""));
        assert_eq!(first.geometry().unwrap().get_point(0).0, 106.123_456_789);
        let sql = |text: &str| {
            let mut found = dataset.execute_sql(text, None, gdal::vector::sql::Dialect::DEFAULT).unwrap().unwrap();
            found.features().next().unwrap().field_as_string(0).unwrap().unwrap()
        };
        assert_eq!(sql("SELECT last_change FROM gpkg_contents LIMIT 1"), "2026/03/04 00:00:00+00");
        assert_eq!(sql("SELECT description FROM gpkg_contents LIMIT 1"), "Villages & <hamlets>");
        assert_eq!(sql("SELECT type FROM pragma_table_info('villages') WHERE name = 'is_gap'"), "BOOLEAN");
        assert_eq!(sql("SELECT count(*) FROM gpkg_extensions WHERE extension_name = 'gpkg_rtree_index'"), "3");
    }
}
