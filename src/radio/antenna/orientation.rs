//! How an antenna stands, and in which direction a place lies from it.

use crate::propagation::earth::STANDARD_EFFECTIVE_RADIUS_KM;

/// How an antenna stands.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Orientation {
    /// Boresight, degrees clockwise from north.
    pub azimuth_deg: f64,
    /// How far the antenna itself leans forward, degrees.
    pub mechanical_tilt_deg: f64,
    /// How far its beam is bent down by its phases, degrees below the plane across the antenna.
    pub electrical_tilt_deg: f64,
}

impl Orientation {
    /// A direction as the leaning antenna sees it: the azimuth from boresight and the depression below its own horizon, degrees.
    pub(super) fn in_antenna_frame(&self, azimuth_deg: f64, depression_deg: f64) -> (f64, f64) {
        if self.mechanical_tilt_deg == 0.0 {
            return (azimuth_deg, depression_deg);
        }
        let (sin_az, cos_az) = azimuth_deg.to_radians().sin_cos();
        let (sin_dep, cos_dep) = depression_deg.to_radians().sin_cos();
        let (sin_tilt, cos_tilt) = self.mechanical_tilt_deg.to_radians().sin_cos();
        // forward, right, down; the antenna is turned about the axis to its right
        let (forward, right, down) = (cos_dep * cos_az, cos_dep * sin_az, sin_dep);
        let along = forward * cos_tilt + down * sin_tilt;
        let below = down * cos_tilt - forward * sin_tilt;
        (right.atan2(along).to_degrees(), below.clamp(-1.0, 1.0).asin().to_degrees())
    }
}

/// Angle below the horizon at which a ray leaves for a place, degrees: `fall_m` is how much lower above sea level the place is,
/// `distance_m` how far along the ground. The bending of the ray is that of an Earth of 4/3 its radius; obstacles are not looked at.
pub fn depression_deg(fall_m: f64, distance_m: f64) -> f64 {
    let curvature_m = distance_m * distance_m / (2000.0 * STANDARD_EFFECTIVE_RADIUS_KM);
    (fall_m + curvature_m).atan2(distance_m.max(0.0)).to_degrees()
}
