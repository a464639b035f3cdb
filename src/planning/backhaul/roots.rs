//! Where the network has capacity: fibre points of communes, and standing sites.

use crate::geodesy::LonLat;
use crate::study::{Site, Study};

/// A place of the network that new links can start from.
#[derive(Debug, Clone, PartialEq)]
pub struct Root {
    /// Name of the commune, or id of the site.
    pub id: String,
    /// Where.
    pub position: LonLat,
    /// What it is.
    pub kind: RootKind,
    /// Antenna for microwave hops above ground, m; `None` where there is no mast.
    pub height_agl_m: Option<f64>,
    /// Whether it has fibre that can be prolonged.
    pub has_fibre: bool,
    /// What it can carry besides its own traffic, Mbit/s; `None` where that is not limited.
    pub spare_mbps: Option<f64>,
}

/// What a root is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RootKind {
    /// The fibre point of a commune: its index in the study.
    CommuneFibre(usize),
    /// A standing site: its index in the study.
    ExistingSite(usize),
}

/// Standing sites that are no roots, by the first reason that holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SitesLeftOut {
    /// They stand abroad.
    pub foreign: usize,
    /// Their operator is none of those named.
    pub other_operator: usize,
    /// They carry none of the technologies whose link has capacity to spare.
    pub other_technology: usize,
    /// A new site needs more than they can spare.
    pub no_capacity: usize,
}

/// The roots of a study, communes first, and the sites that are none.
pub(super) fn roots(study: &Study) -> (Vec<Root>, SitesLeftOut) {
    let planning = &study.config.planning;
    let settings = &planning.backhaul;
    let mut roots = Vec::new();
    if settings.roots.has_communes() {
        let with_fibre = study.communes.iter().enumerate().filter(|(_, commune)| commune.has_fibre);
        roots.extend(with_fibre.map(|(index, commune)| Root {
            id: commune.name.clone(),
            position: commune.seat,
            kind: RootKind::CommuneFibre(index),
            height_agl_m: settings.commune_mast_m,
            has_fibre: settings.fibre_from.has_communes(),
            spare_mbps: None,
        }));
    }
    let operators = if settings.operators.is_empty() { planning.operator.as_slice() } else { &settings.operators };
    let mut left_out = SitesLeftOut::default();
    let sites = study.sites.iter().enumerate().filter(|_| settings.roots.has_sites());
    for (index, site) in sites {
        let reason = if site.is_foreign {
            Some(&mut left_out.foreign)
        } else if !operators.is_empty() && !operators.contains(&site.operator) {
            Some(&mut left_out.other_operator)
        } else if !site.cells.iter().any(|cell| settings.site_technologies.contains(&cell.technology)) {
            Some(&mut left_out.other_technology)
        } else if settings.site_spare_mbps.is_some_and(|mbps| mbps < settings.site_mbps) {
            Some(&mut left_out.no_capacity)
        } else {
            None
        };
        match reason {
            Some(count) => *count += 1,
            None => roots.push(Root {
                id: site.id.clone(),
                position: site.position,
                kind: RootKind::ExistingSite(index),
                height_agl_m: Some(top_agl_m(site)),
                has_fibre: settings.fibre_from.has_sites(),
                spare_mbps: settings.site_spare_mbps,
            }),
        }
    }
    (roots, left_out)
}

/// Height of a site's highest antenna, m.
fn top_agl_m(site: &Site) -> f64 {
    site.cells.iter().map(|cell| cell.height_agl_m).fold(0.0, f64::max)
}
